import { createSecretsManagerSecrets } from '#adapters/secrets/secrets-manager.ts';
import { type Container, needed } from '#apps/lambda/container.ts';
import type { SecretSource } from '#ports/secret-source.ts';

/** The secrets of the deployment; what was read never reaches the log. */
export function secretsOf({ env, clock, log, redactor }: Container): SecretSource {
  return createSecretsManagerSecrets({
    secretId: needed(env, 'YAGURA_SECRET_ID'),
    clock,
    onSecret: (value) => redactor.hide(value),
    onProblem: (problem) => log.warn(problem),
  });
}
