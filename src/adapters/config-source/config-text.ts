import { isUtf8 } from 'node:buffer';
import type { AwsAccess } from '#adapters/aws-clients/aws-clients.ts';
import { awsFailure, explainAwsFailure } from '#adapters/aws-clients/aws-failure.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';

/** A yagura.yaml for thousands of accounts is a few hundred kilobytes; more is a wrong file. */
export const MOST_CONFIG_BYTES = 4 * 1024 * 1024;

/** Decodes what was read; refuses what is no text. */
export function configText(bytes: Uint8Array, location: string): string {
  if (!isUtf8(bytes)) throw new YaguraError('config.unreadable', `${location} is not UTF-8 text; save it as UTF-8.`);
  return new TextDecoder().decode(bytes);
}

/** For a place that holds more than any configuration. */
export function tooLarge(location: string, bytes: number): YaguraError {
  return new YaguraError(
    'config.unreadable',
    `${location} has ${bytes} bytes, a configuration at most ${MOST_CONFIG_BYTES}; is it the right file?`,
  );
}

/** For a call to AWS that failed; `missing` names AWS's errors that mean there is nothing at that place. */
export function awsUnreadable(thrown: unknown, what: string, access: AwsAccess, missing: RegExp): YaguraError {
  const failure = awsFailure(thrown);
  const hint = missing.test(failure.name) ? ' There is nothing at that place: check its name and the Region.' : '';
  return new YaguraError(
    'config.unreadable',
    `Cannot read the configuration: ${explainAwsFailure(failure, { what, access })}${hint}`,
    {
      cause: thrown,
      retryable: failure.retryable,
    },
  );
}
