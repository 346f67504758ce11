/** How a record of the Linux audit system begins. */
export interface AuditHead {
  readonly node?: string;
  /** As written: a name, a number, or `UNKNOWN[1334]`. */
  readonly type: string;
  /** Epoch ms. */
  readonly at: number;
  /** Seconds and milliseconds as written. */
  readonly time: string;
  readonly serial: string;
  /** Where the record's fields begin. */
  readonly end: number;
}

// Sticky and bounded: a line that is no record costs a look at its beginning.
const KERNEL_TIME = /\[ {0,12}\d{1,12}\.\d{1,9}\] /y;
const KERNEL_TAG = /audit: /y;
const HEAD =
  /(?:node=([^\s=]{1,255}) )?type=([A-Z0-9_]{1,64}(?:\[\d{1,6}\])?) (?:msg=)?audit\((\d{1,11})\.(\d{1,3}):(\d{1,20})\) ?:? ?/y;

/** The head of a record at the beginning of a text, also behind what the kernel puts before it; undefined for any other text. */
export function auditHead(text: string): AuditHead | undefined {
  let start = skipped(KERNEL_TIME, text, 0);
  start = skipped(KERNEL_TAG, text, start);
  HEAD.lastIndex = start;
  const found = HEAD.exec(text);
  if (found === null) return undefined;
  const [head, node, type = '', seconds = '', fraction = '', serial = ''] = found;
  return {
    ...(node === undefined ? {} : { node }),
    type,
    at: Number(seconds) * 1000 + Number(fraction.padEnd(3, '0')),
    time: `${seconds}.${fraction}`,
    serial,
    end: start + head.length,
  };
}

function skipped(pattern: RegExp, text: string, position: number): number {
  pattern.lastIndex = position;
  return position + (pattern.exec(text)?.[0].length ?? 0);
}
