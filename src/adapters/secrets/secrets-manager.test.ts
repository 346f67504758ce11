import { inspect } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { describeSecretSource } from '../../../test/contract/secret-source.contract.ts';
import { type AwsAnswer, type AwsJsonServer, startAwsJsonServer } from '../../../test/stand-ins/aws-json.ts';
import { createFakeClock } from '../../../test/stand-ins/time.ts';
import { createSecretsManagerSecrets, type SecretsManagerSettings } from './secrets-manager.ts';

const SECRET_ID = 'yagura/secrets';
const servers: AwsJsonServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

function holding(secret: unknown): AwsAnswer {
  return { body: { Name: SECRET_ID, SecretString: typeof secret === 'string' ? secret : JSON.stringify(secret) } };
}

async function arranged(first: AwsAnswer, more: Partial<SecretsManagerSettings> = {}) {
  const world = { answer: first };
  const server = await startAwsJsonServer(() => world.answer);
  servers.push(server);
  const clock = createFakeClock();
  const problems: string[] = [];
  const access = {
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
    maxAttempts: 1,
  };
  const source = createSecretsManagerSecrets({
    secretId: SECRET_ID,
    clock,
    access,
    onProblem: (problem) => problems.push(problem),
    ...more,
  });
  return { world, server, clock, problems, source };
}

describeSecretSource('Secrets Manager', async (given) => (await arranged(holding(given))).source);

test('asks AWS once for many secrets, also when they are wanted at the same moment', async () => {
  const { source, server } = await arranged(holding({ slackBotToken: 'token-value' }));

  await Promise.all([source.secret('slackBotToken'), source.secret('eventsToken'), source.secret('webhook:a')]);
  await source.secret('slackBotToken');

  expect(server.calls).toHaveLength(1);
});

test('keeps a copy for five minutes and then sees the change', async () => {
  const { source, world, clock } = await arranged(holding({ slackBotToken: 'first-value' }));
  await source.secret('slackBotToken');
  world.answer = holding({ slackBotToken: 'second-value' });

  clock.advance(5 * 60_000 - 1);
  const before = await source.secret('slackBotToken');
  clock.advance(1);
  const after = await source.secret('slackBotToken');

  expect([before, after]).toEqual(['first-value', 'second-value']);
});

test.each([
  ['AWS does not answer', { error: 'InternalServiceError', status: 500 }],
  ['the role was taken away', { error: 'AccessDeniedException' }],
  ['somebody saved something else', holding('not JSON: hidden-value')],
])('uses the last good copy when %s, says so, and asks again after half a minute', async (_name, failure) => {
  const { source, world, clock, server, problems } = await arranged(holding({ slackBotToken: 'good-value' }));
  await source.secret('slackBotToken');
  world.answer = failure;
  clock.advance(5 * 60_000);

  const during = [await source.secret('slackBotToken'), await source.secret('slackBotToken')];
  const asked = server.calls.length;
  world.answer = holding({ slackBotToken: 'new-value' });
  clock.advance(30_000);

  expect(during).toEqual(['good-value', 'good-value']);
  expect(asked).toBe(2);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(/yagura\/secrets.*last good copy/);
  expect(problems[0]).not.toContain('hidden-value');
  expect(await source.secret('slackBotToken')).toBe('new-value');
});

test('says which call on which secret failed and what to check when there is no copy yet', async () => {
  const { source } = await arranged({
    error: 'ResourceNotFoundException',
    message: "Secrets Manager can't find the specified secret.",
  });

  await expect(source.secret('slackBotToken')).rejects.toMatchObject({
    code: 'secrets.unavailable',
    message: expect.stringMatching(
      /secretsmanager:GetSecretValue on yagura\/secrets failed.*ResourceNotFoundException/,
    ),
  });
});

test.each(['{"slackBotToken": "hidden-value" oops', '"hidden-value"', ''])(
  'never shows the content of a secret it cannot read: %s',
  async (text) => {
    const { source } = await arranged(holding(text));

    const error: unknown = await source.secret('slackBotToken').catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({
      code: 'secrets.unavailable',
      message: expect.stringContaining('is not a JSON object'),
    });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('hidden-value');
  },
);

test('reports entries nobody knows by name and gives the others', async () => {
  const { source, problems } = await arranged(holding({ slackBotTokn: 'hidden-value', eventsToken: 'events-value' }));

  expect(await source.secret('eventsToken')).toBe('events-value');
  expect(problems).toEqual(['The secret yagura/secrets has entries that are unknown or no text: "slackBotTokn".']);
});

test('tells the redactor every value of the secret', async () => {
  const told: string[] = [];
  const { source } = await arranged(
    holding({ slackBotToken: 'bot-value', webhooks: { a: 'https://hooks.example.com/a' } }),
    { onSecret: (value) => told.push(value) },
  );

  await source.secret('slackBotToken');

  expect(told).toEqual(['bot-value', 'https://hooks.example.com/a']);
});
