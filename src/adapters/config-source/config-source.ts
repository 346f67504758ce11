import type { AwsAccess } from '#adapters/aws-clients/aws-clients.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';
import { readConfigFile } from './config-file.ts';

/** Where the text of yagura.yaml comes from; `location` is what the person wrote, for messages. */
export type ConfigSource = { readonly location: string; read(): Promise<string> };

/**
 * Reads yagura.yaml from a file, from `s3://bucket/key` or from an SSM parameter, `ssm:/name`. Throws `config.unreadable`.
 * @example const text = await createConfigSource('ssm:/yagura/config').read();
 */
export function createConfigSource(location: string, access: AwsAccess = {}): ConfigSource {
  return { location, read: () => readFrom(location, access) };
}

async function readFrom(location: string, access: AwsAccess): Promise<string> {
  // The SDK is loaded only where it is needed: a laptop with a file starts faster.
  if (location.startsWith('s3:')) {
    const object = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.+)$/s.exec(location);
    if (object === null) throw misspelled(location, 's3://bucket/path/yagura.yaml');
    const { readS3Object } = await import('./s3-object.ts');
    return readS3Object(object[1] ?? '', object[2] ?? '', access);
  }
  if (location.startsWith('ssm:')) {
    const name = /^ssm:([\w./-]{1,1011})$/.exec(location)?.[1];
    if (name === undefined) throw misspelled(location, 'ssm:/yagura/config');
    const { readSsmParameter } = await import('./ssm-parameter.ts');
    return readSsmParameter(name, access);
  }
  return readConfigFile(location);
}

function misspelled(location: string, example: string): YaguraError {
  return new YaguraError(
    'config.unreadable',
    `The configuration's place ${JSON.stringify(location)} is not understood; write it like ${example}.`,
  );
}
