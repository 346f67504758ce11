import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** A bundled function in a process of its own: one warm container. */
export type LambdaProcess = {
  /** How long the import of its module took. */
  readonly importMs: number;
  isRunning(): boolean;
  /** Rejects with what the handler threw, and when the process ends meanwhile. */
  invoke<T = unknown>(event: unknown, remainingMs?: number): Promise<T>;
  /** Moves the function's clock. */
  passTime(ms: number): Promise<void>;
  /** Ends it without a chance to clean up, as a crash does. */
  kill(): Promise<void>;
  /** Lines of its log. */
  readonly log: readonly string[];
  readonly output: readonly string[];
};

type Answer = { readonly value?: unknown; readonly error?: string };

const DEFAULT_REMAINING_MS = 300_000;

/** Starts a container with exactly these variables. */
export async function startLambda(file: string, env: Readonly<Record<string, string>>): Promise<LambdaProcess> {
  const child = fork(fileURLToPath(import.meta.resolve('./run-lambda.ts')), {
    env,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const [log, output]: [string[], string[]] = [[], []];
  child.stderr?.on('data', (chunk: Buffer) => log.push(...linesOf(chunk)));
  child.stdout?.on('data', (chunk: Buffer) => output.push(...linesOf(chunk)));
  const ended = new AbortController();
  child.once('exit', () => ended.abort());
  const ask = async (request: object): Promise<unknown> => {
    const answered = once(child, 'message', { signal: ended.signal });
    child.send(request);
    const [{ value, error }] = (await answered.catch(() => {
      throw new Error(`the function's process ended: ${log.at(-1) ?? 'it said nothing'}`);
    })) as [Answer];
    if (error !== undefined) throw new Error(error);
    return value;
  };
  const importMs = Number(await ask({ kind: 'import', module: pathToFileURL(file).href }));
  return {
    importMs,
    ...{ log, output },
    isRunning: () => child.exitCode === null && child.signalCode === null,
    // The caller knows what its function answers.
    invoke: async <T>(event: unknown, remainingMs = DEFAULT_REMAINING_MS) =>
      (await ask({ kind: 'invoke', event, remainingMs })) as T,
    passTime: async (ms) => {
      await ask({ kind: 'shift', ms });
    },
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

function linesOf(chunk: Buffer): string[] {
  return chunk
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}
