import type { AwsAccess } from '#adapters/aws-clients/aws-clients.ts';

/** True where no moto server is given and none is demanded: its tests are then skipped, and shown as skipped. */
export const motoMissing =
  process.env['YAGURA_MOTO_URL'] === undefined && process.env['YAGURA_REQUIRE_PEERS'] === undefined;

/** Where the moto server of the peer tests listens. */
export function motoUrl(): string {
  const url = process.env['YAGURA_MOTO_URL'];
  if (url === undefined) throw new Error('YAGURA_MOTO_URL is not set; run these tests with npm run test:peers');
  return url;
}

export function motoAccess(): AwsAccess {
  return {
    endpoint: motoUrl(),
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
  };
}

/** Forgets everything the tests before have made. */
export async function resetMoto(): Promise<void> {
  const answer = await fetch(`${motoUrl()}/moto-api/reset`, { method: 'POST' });
  if (!answer.ok) throw new Error(`moto server could not be reset: ${answer.status}`);
}
