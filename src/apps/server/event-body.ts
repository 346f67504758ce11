import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Context } from 'hono';
import { YaguraError } from '#core/errors/yagura-error.ts';

const unpack = promisify(gunzip);

/** Larger than allowed, as it was sent or unpacked. */
export class TooLarge extends Error {}

/** The text of a body, unpacked when it says it is gzip; never more than `maxBytes`. */
export async function bodyText(c: Context, maxBytes: number): Promise<string> {
  const encoding = c.req.header('content-encoding')?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity') return await c.req.text();
  if (encoding !== 'gzip')
    throw new YaguraError(
      'input.invalid',
      `The content-encoding ${JSON.stringify(encoding.slice(0, 40))} is not known here. Send the body as it is, or as gzip.`,
    );
  try {
    const bytes = await unpack(await c.req.arrayBuffer(), { maxOutputLength: maxBytes });
    return bytes.toString('utf8');
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
    if (code === 'ERR_BUFFER_TOO_LARGE') throw new TooLarge(`The body unpacks to more than ${maxBytes} bytes.`);
    if (!code.startsWith('Z_')) throw thrown;
    throw new YaguraError(
      'input.invalid',
      `The body is not whole gzip (${code}), though its content-encoding says so.`,
    );
  }
}
