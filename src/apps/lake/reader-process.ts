import { type LakeReader, openLakeReader } from '#apps/lake/lake-reader.ts';
import { messageOf, YaguraError } from '#core/errors/yagura-error.ts';

/** A question to the process: the name of what the reader does, and its argument. */
export interface Asked {
  readonly id: number;
  readonly what: keyof LakeReader;
  readonly given: unknown;
}

export type Answered =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: { readonly code: YaguraError['code']; readonly message: string } };

const [, , dataDir = ''] = process.argv;
const reader = openLakeReader(dataDir);

async function answer({ id, what, given }: Asked): Promise<Answered> {
  try {
    const ask = (await reader)[what] as (request: unknown) => Promise<unknown>; // both sides are of one build
    return { id, value: await ask(given) };
  } catch (error) {
    return { id, error: { code: error instanceof YaguraError ? error.code : 'lake.sql', message: messageOf(error) } };
  }
}

process.on('message', (asked: Asked) => void answer(asked).then((answered) => process.send?.(answered)));
process.on('disconnect', () => process.exit(0));
