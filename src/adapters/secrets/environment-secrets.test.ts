import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeSecretSource, type GivenSecrets } from '../../../test/contract/secret-source.contract.ts';
import { createEnvironmentSecrets, variableOf } from './environment-secrets.ts';

let folder = '';
let files = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yagura-secrets-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function file(text: string): Promise<string> {
  const path = join(folder, `secret-${files++}`);
  await writeFile(path, text);
  return path;
}

function asVariables(given: GivenSecrets): Record<string, string | undefined> {
  const webhooks = Object.entries(given.webhooks ?? {}).map(([name, url]) => [
    `YAGURA_WEBHOOK_${name.toUpperCase().replaceAll('-', '_')}`,
    url,
  ]);
  return {
    YAGURA_SLACK_BOT_TOKEN: given.slackBotToken,
    YAGURA_EVENTS_TOKEN: given.eventsToken,
    ...Object.fromEntries(webhooks),
  };
}

describeSecretSource('the environment', async (given) => createEnvironmentSecrets({ env: asVariables(given) }));

describeSecretSource('files named by the environment', async (given) => {
  const entries = Object.entries(asVariables(given)).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const env = Object.fromEntries(
    await Promise.all(entries.map(async ([name, value]) => [`${name}_FILE`, await file(value)])),
  );
  return createEnvironmentSecrets({ env });
});

describeSecretSource('one JSON file named by the environment', async (given) =>
  createEnvironmentSecrets({ env: { YAGURA_SECRETS_FILE: await file(JSON.stringify(given)) } }),
);

test.each([
  ['slackBotToken', 'YAGURA_SLACK_BOT_TOKEN'],
  ['slackAppToken', 'YAGURA_SLACK_APP_TOKEN'],
  ['slackSigningSecret', 'YAGURA_SLACK_SIGNING_SECRET'],
  ['eventsToken', 'YAGURA_EVENTS_TOKEN'],
  ['webhook:ops-team', 'YAGURA_WEBHOOK_OPS_TEAM'],
  ['webhook:決済', undefined],
] as const)('looks for %s in %s', (name, variable) => {
  expect(variableOf(name)).toBe(variable);
});

test('finds a webhook whose name fits no variable in the JSON file', async () => {
  const source = createEnvironmentSecrets({
    env: { YAGURA_SECRETS_FILE: await file('{"webhooks":{"決済":"https://hooks.example.com/a"}}') },
  });

  expect(await source.secret('webhook:決済')).toBe('https://hooks.example.com/a');
});

test('sees a file that was changed while running', async () => {
  const path = await file('first-value');
  const source = createEnvironmentSecrets({ env: { YAGURA_EVENTS_TOKEN_FILE: path } });
  await source.secret('eventsToken');

  await writeFile(path, 'second-value');

  expect(await source.secret('eventsToken')).toBe('second-value');
});

test('names the variable and the path of a file it cannot read', async () => {
  const path = join(folder, 'absent');
  const source = createEnvironmentSecrets({ env: { YAGURA_SLACK_BOT_TOKEN_FILE: path } });

  await expect(source.secret('slackBotToken')).rejects.toMatchObject({
    code: 'secrets.unavailable',
    message: expect.stringMatching(/absent.*YAGURA_SLACK_BOT_TOKEN_FILE/),
  });
});

test('refuses a secret that is given twice', async () => {
  const source = createEnvironmentSecrets({
    env: { YAGURA_EVENTS_TOKEN: 'hidden-value-1', YAGURA_EVENTS_TOKEN_FILE: await file('hidden-value-2') },
  });

  await expect(source.secret('eventsToken')).rejects.toThrow(
    'Both YAGURA_EVENTS_TOKEN and YAGURA_EVENTS_TOKEN_FILE are set',
  );
});

test.each([
  ['broken JSON', '{"slackBotToken": "hidden-value" oops'],
  ['no object', '["hidden-value"]'],
  ['a wrong type', '{"slackBotToken": {"hidden-value": "hidden-value and more than it should be"}}'],
  ['an unknown entry', '{"slackBotTokn": "hidden-value"}'],
  ['a value in the place of a name', '{"xoxb-hidden-value": "slackBotToken"}'],
])('says what is wrong with a file of %s, and no value', async (_name, text) => {
  const source = createEnvironmentSecrets({ env: { YAGURA_SECRETS_FILE: await file(text) } });

  const error: unknown = await source.secret('slackBotToken').catch((thrown: unknown) => thrown);

  expect(error).toMatchObject({ code: 'secrets.unavailable' });
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('hidden-value');
});

test('tells the redactor each value it gives out', async () => {
  const told: string[] = [];
  const source = createEnvironmentSecrets({
    env: { YAGURA_EVENTS_TOKEN: 'hidden-value' },
    onSecret: (value) => told.push(value),
  });

  await source.secret('eventsToken');
  await source.secret('slackBotToken');

  expect(told).toEqual(['hidden-value']);
});
