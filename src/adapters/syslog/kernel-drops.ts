import { readFile } from 'node:fs/promises';

const TABLES = ['/proc/net/udp', '/proc/net/udp6'];

/** How many datagrams the kernel dropped on a UDP port because nobody read them in time; undefined where the system does not tell. */
export async function readKernelDrops(port: number): Promise<number | undefined> {
  const texts = await Promise.all(TABLES.map((path) => readFile(path, 'utf8').catch(() => undefined)));
  const drops = texts.map((text) => (text === undefined ? undefined : kernelDropsIn(text, port)));
  return drops.reduce((sum, more) => (more === undefined ? sum : (sum ?? 0) + more), undefined);
}

/** The drops of a port in Linux's table of UDP sockets: the local address is the second column, drops are the last. */
export function kernelDropsIn(table: string, port: number): number | undefined {
  const ending = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = table.split('\n').map((line) => line.trim().split(/\s+/));
  const drops = rows.filter(([, local]) => local?.endsWith(ending)).map((row) => Number(row.at(-1)));
  return drops.length === 0 || drops.some(Number.isNaN) ? undefined : drops.reduce((sum, more) => sum + more, 0);
}
