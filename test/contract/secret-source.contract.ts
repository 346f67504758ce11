import { describe, expect, test } from 'vitest';
import type { SecretSource } from '#ports/secret-source.ts';

export type GivenSecrets = {
  readonly slackBotToken?: string;
  readonly eventsToken?: string;
  readonly webhooks?: Readonly<Record<string, string>>;
};

/** What every SecretSource must do; `prepare` puts the given secrets where the adapter looks. */
export function describeSecretSource(name: string, prepare: (given: GivenSecrets) => Promise<SecretSource>): void {
  describe(`${name} as a secret source`, () => {
    test('gives each secret by its name', async () => {
      const source = await prepare({
        slackBotToken: 'bot-token-value',
        webhooks: { payments: 'https://hooks.example.com/a', 'ops-team': 'https://hooks.example.com/b' },
      });

      const values = [
        await source.secret('slackBotToken'),
        await source.secret('webhook:payments'),
        await source.secret('webhook:ops-team'),
      ];

      expect(values).toEqual(['bot-token-value', 'https://hooks.example.com/a', 'https://hooks.example.com/b']);
    });

    test('says undefined for what nobody set', async () => {
      const source = await prepare({ slackBotToken: 'bot-token-value' });

      expect([await source.secret('slackSigningSecret'), await source.secret('webhook:payments')]).toEqual([
        undefined,
        undefined,
      ]);
    });

    test('counts an empty value as not set and takes off surrounding space', async () => {
      const source = await prepare({ slackBotToken: '  ', eventsToken: 'events-token-value\n' });

      expect([await source.secret('slackBotToken'), await source.secret('eventsToken')]).toEqual([
        undefined,
        'events-token-value',
      ]);
    });

    test('is not fooled by names that every object has', async () => {
      const source = await prepare({ slackBotToken: 'bot-token-value' });

      expect([await source.secret('webhook:constructor'), await source.secret('webhook:__proto__')]).toEqual([
        undefined,
        undefined,
      ]);
    });
  });
}
