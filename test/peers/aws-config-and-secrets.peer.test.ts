import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { beforeEach, describe, expect, test } from 'vitest';
import { createAwsClients } from '#adapters/aws-clients/aws-clients.ts';
import { createConfigSource } from '#adapters/config-source/config-source.ts';
import { createSecretsManagerSecrets } from '#adapters/secrets/secrets-manager.ts';
import { describeSecretSource } from '../contract/secret-source.contract.ts';
import { motoAccess, motoMissing, resetMoto } from '../stand-ins/moto.ts';
import { createFakeClock } from '../stand-ins/time.ts';

const TEXT = 'teams: {} # 決済\n';

describe.skipIf(motoMissing)('configuration and secrets of a real peer', () => {
  beforeEach(async () => {
    await resetMoto();
  });

  describeSecretSource('Secrets Manager (moto server)', async (given) => {
    await createAwsClients(motoAccess())(SecretsManagerClient).send(
      new CreateSecretCommand({ Name: 'yagura/secrets', SecretString: JSON.stringify(given) }),
    );
    return createSecretsManagerSecrets({ secretId: 'yagura/secrets', clock: createFakeClock(), access: motoAccess() });
  });

  test('a secret that does not exist is named', async () => {
    const source = createSecretsManagerSecrets({
      secretId: 'yagura/absent',
      clock: createFakeClock(),
      access: motoAccess(),
    });

    await expect(source.secret('slackBotToken')).rejects.toMatchObject({
      code: 'secrets.unavailable',
      message: expect.stringMatching(/yagura\/absent.*ResourceNotFoundException/),
    });
  });

  test('the configuration is read from an SSM parameter, also an encrypted one', async () => {
    await createAwsClients(motoAccess())(SSMClient).send(
      new PutParameterCommand({ Name: '/yagura/config', Type: 'SecureString', Value: TEXT }),
    );

    expect(await createConfigSource('ssm:/yagura/config', motoAccess()).read()).toBe(TEXT);
  });

  test('the configuration is read from an S3 object', async () => {
    await putObject('example-config', 'org/yagura.yaml', TEXT);

    expect(await createConfigSource('s3://example-config/org/yagura.yaml', motoAccess()).read()).toBe(TEXT);
  });

  test('an object that cannot be a configuration is not read to its end', async () => {
    await putObject('example-config', 'video.mp4', 'x'.repeat(6 * 1024 * 1024));

    await expect(createConfigSource('s3://example-config/video.mp4', motoAccess()).read()).rejects.toMatchObject({
      code: 'config.unreadable',
      message: expect.stringContaining('right file'),
    });
  });

  test.each(['s3://example-config/absent.yaml', 's3://absent-bucket/yagura.yaml', 'ssm:/absent'])(
    'nothing at %s is said',
    async (location) => {
      await putObject('example-config', 'org/yagura.yaml', TEXT);

      await expect(createConfigSource(location, motoAccess()).read()).rejects.toMatchObject({
        code: 'config.unreadable',
        message: expect.stringContaining('nothing at that place'),
      });
    },
  );
});

async function putObject(Bucket: string, Key: string, Body: string): Promise<void> {
  // A path instead of a host name per bucket, which does not resolve on loopback.
  const s3 = new S3Client({ ...motoAccess(), forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
}
