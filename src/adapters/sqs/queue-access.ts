import type { AwsAccess } from '#adapters/aws-clients/aws-clients.ts';

const AWS_HOSTS: readonly RegExp[] = [
  /^sqs(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com|api\.aws)(?:\.cn)?$/,
  /^([a-z0-9-]+)\.queue\.amazonaws\.com$/,
];

/** A queue lives in the Region its URL names, whatever the Region of everything else is; one with a private host (a VPC endpoint, a stand-in) is called there. */
export function accessOfQueue(queueUrl: string, access: AwsAccess): AwsAccess {
  if (!URL.canParse(queueUrl)) return access;
  const { hostname, origin } = new URL(queueUrl);
  const region = AWS_HOSTS.map((host) => host.exec(hostname)?.[1]).find((found) => found !== undefined);
  if (region !== undefined) return { ...access, region: access.region ?? region };
  const endpoint = access.endpoint ?? (configuredEndpoint() ? undefined : origin);
  return endpoint === undefined ? access : { ...access, endpoint };
}

// The SDK reads these itself; they win over the host in the URL.
function configuredEndpoint(): boolean {
  return process.env['AWS_ENDPOINT_URL_SQS'] !== undefined || process.env['AWS_ENDPOINT_URL'] !== undefined;
}
