const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `2026/11/03`, in UTC. */
export function dayPath(at: number): string {
  return iso(at).slice(0, 10).replaceAll('-', '/');
}

/** `20261103`, in UTC. */
export function dayStamp(at: number): string {
  return iso(at).slice(0, 10).replaceAll('-', '');
}

/** `20261103T0102Z` */
export function minuteStamp(at: number): string {
  return `${iso(at).slice(0, 16).replace(/[-:]/g, '')}Z`;
}

/** `20261103T010203Z` */
export function secondStamp(at: number): string {
  return `${iso(at).slice(0, 19).replace(/[-:]/g, '')}Z`;
}

/** `2026-11-03-01-02-03` */
export function dashedStamp(at: number): string {
  return iso(at).slice(0, 19).replace(/[T:]/g, '-');
}

/** `2026-11-03T01:02:03.456789Z`; what is below the millisecond is given. */
export function isoMicros(at: number, micros: number): string {
  return `${iso(at).slice(0, 23)}${String(micros).padStart(3, '0')}Z`;
}

/** `03/Nov/2026:01:02:03 +0000`, as web servers write it. */
export function webTime(at: number): string {
  const text = iso(at);
  return `${text.slice(8, 10)}/${monthOf(text)}/${text.slice(0, 4)}:${text.slice(11, 19)} +0000`;
}

/** `Nov  3 01:02:03`, as RFC 3164 writes it. */
export function syslogTime(at: number): string {
  const text = iso(at);
  return `${monthOf(text)} ${String(Number(text.slice(8, 10))).padStart(2)} ${text.slice(11, 19)}`;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

function monthOf(text: string): string {
  return MONTHS[Number(text.slice(5, 7)) - 1] ?? '';
}
