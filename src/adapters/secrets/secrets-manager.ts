import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type AwsAccess, createAwsClients } from '#adapters/aws-clients/aws-clients.ts';
import { awsFailure, explainAwsFailure } from '#adapters/aws-clients/aws-failure.ts';
import { messageOf, YaguraError } from '#core/errors/yagura-error.ts';
import type { Clock } from '#ports/clock.ts';
import type { SecretSource } from '#ports/secret-source.ts';
import { readSecretDocument, type SecretDocument } from './secret-document.ts';

export type SecretsManagerSettings = {
  readonly secretId: string;
  readonly clock: Clock;
  readonly access?: AwsAccess;
  /** Told each value that was read, so that a redactor can hide it. */
  readonly onSecret?: (value: string) => void;
  /** Told when AWS does not answer (the last good copy is used) or the secret has entries nobody knows. */
  readonly onProblem?: (problem: string) => void;
};

const FRESH_MS = 5 * 60_000;
/** After a failure the last good copy serves this long before AWS is asked again. */
const RETRY_MS = 30_000;

type Copy = { readonly document: SecretDocument; readonly askAgainAt: number };

/** All secrets in one JSON secret of AWS Secrets Manager (one secret costs the same for one URL or thirty), kept for five minutes. */
export function createSecretsManagerSecrets(settings: SecretsManagerSettings): SecretSource {
  const client = createAwsClients(settings.access)(SecretsManagerClient);
  let copy: Copy | undefined;
  let reading: Promise<Copy> | undefined;

  const current = async (): Promise<Copy> => {
    if (copy !== undefined && settings.clock.now() < copy.askAgainAt) return copy;
    reading ??= refresh(client, settings, copy).finally(() => {
      reading = undefined;
    });
    copy = await reading;
    return copy;
  };

  return { secret: async (name) => (await current()).document.get(name) };
}

async function refresh(
  client: SecretsManagerClient,
  settings: SecretsManagerSettings,
  last: Copy | undefined,
): Promise<Copy> {
  try {
    const document = await read(client, settings);
    for (const value of document.values()) settings.onSecret?.(value);
    return { document, askAgainAt: settings.clock.now() + FRESH_MS };
  } catch (thrown) {
    if (last === undefined || !(thrown instanceof YaguraError)) throw thrown;
    settings.onProblem?.(`${messageOf(thrown)} The last good copy is used until then.`);
    return { document: last.document, askAgainAt: settings.clock.now() + RETRY_MS };
  }
}

async function read(client: SecretsManagerClient, settings: SecretsManagerSettings): Promise<SecretDocument> {
  const result = readSecretDocument(await secretString(client, settings));
  if (!('document' in result)) {
    throw new YaguraError(
      'secrets.unavailable',
      `The secret ${settings.secretId} ${result.problem}. It needs the form {"slackBotToken": "…", "webhooks": {"name": "https://…"}}.`,
    );
  }
  if (result.problem !== undefined) settings.onProblem?.(`The secret ${settings.secretId} ${result.problem}.`);
  return result.document;
}

async function secretString(client: SecretsManagerClient, settings: SecretsManagerSettings): Promise<string> {
  try {
    const answer = await client.send(new GetSecretValueCommand({ SecretId: settings.secretId }));
    return answer.SecretString ?? '';
  } catch (thrown) {
    const failure = awsFailure(thrown);
    const what = `secretsmanager:GetSecretValue on ${settings.secretId}`;
    throw new YaguraError(
      'secrets.unavailable',
      explainAwsFailure(failure, { what, ...(settings.access === undefined ? {} : { access: settings.access }) }),
      {
        cause: thrown,
        retryable: failure.retryable,
      },
    );
  }
}
