import { readFile } from 'node:fs/promises';
import { YaguraError } from '#core/errors/yagura-error.ts';
import type { SecretName, SecretSource } from '#ports/secret-source.ts';
import { readSecretDocument } from './secret-document.ts';

export type EnvironmentSecretSettings = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told each value that was read, so that a redactor can hide it. */
  readonly onSecret?: (value: string) => void;
};

const ALL_IN_ONE = 'YAGURA_SECRETS_FILE';

/**
 * Secrets of the embedded home: `YAGURA_SLACK_BOT_TOKEN` and the like, or the same with `_FILE` and a path,
 * `YAGURA_WEBHOOK_<NAME>` (upper case, `-` as `_`), or all in the JSON file that `YAGURA_SECRETS_FILE` names.
 * Files are read anew each time, so that a mounted secret can be changed without a restart.
 */
export function createEnvironmentSecrets({ env, onSecret }: EnvironmentSecretSettings): SecretSource {
  return {
    secret: async (name) => {
      const variable = variableOf(name);
      const value =
        (variable === undefined ? undefined : await fromVariable(env, variable)) ?? (await fromAllInOne(env, name));
      if (value !== undefined) onSecret?.(value);
      return value;
    },
  };
}

/** The environment variable of a secret, undefined when its name cannot be spelled in one. */
export function variableOf(name: SecretName): string | undefined {
  if (!name.startsWith('webhook:')) return `YAGURA_${name.replace(/[A-Z]/g, (capital) => `_${capital}`).toUpperCase()}`;
  const webhook = name.slice('webhook:'.length);
  return /^[A-Za-z0-9_-]+$/.test(webhook) ? `YAGURA_WEBHOOK_${webhook.replaceAll('-', '_').toUpperCase()}` : undefined;
}

async function fromVariable(env: EnvironmentSecretSettings['env'], variable: string): Promise<string | undefined> {
  const value = given(env[variable]);
  const path = given(env[`${variable}_FILE`]);
  if (value !== undefined && path !== undefined)
    throw unavailable(`Both ${variable} and ${variable}_FILE are set; keep one of them.`);
  return path === undefined ? value : given(await textOf(path, `${variable}_FILE`));
}

async function fromAllInOne(env: EnvironmentSecretSettings['env'], name: SecretName): Promise<string | undefined> {
  const path = given(env[ALL_IN_ONE]);
  if (path === undefined) return undefined;
  const read = readSecretDocument(await textOf(path, ALL_IN_ONE));
  if (!('document' in read) || read.problem !== undefined)
    throw unavailable(
      `The file ${path} (${ALL_IN_ONE}) ${read.problem}. It needs the form {"slackBotToken": "…", "webhooks": {"name": "https://…"}}.`,
    );
  return read.document.get(name);
}

async function textOf(path: string, variable: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw unavailable(
      `Cannot read the file ${path} that ${variable} names; check that it exists and that this process may read it.`,
      cause,
    );
  }
}

function given(value: string | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed === '' ? undefined : trimmed;
}

function unavailable(message: string, cause?: unknown): YaguraError {
  return new YaguraError('secrets.unavailable', message, { cause });
}
