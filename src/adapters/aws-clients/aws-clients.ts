import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';

/** How to reach AWS; everything absent comes from the SDK's default chain (`AWS_PROFILE`, `AWS_REGION`, `AWS_ENDPOINT_URL`, roles of the machine). */
export type AwsAccess = {
  readonly region?: string;
  /** For services with one home, when neither `region` nor the environment names one. */
  readonly fallbackRegion?: string;
  readonly endpoint?: string;
  /** Assumed with the default chain's credentials, and again before they expire. */
  readonly roleArn?: string;
  readonly externalId?: string;
  /** Shown in CloudTrail as the role session's name. */
  readonly sessionName?: string;
  readonly credentials?: AwsCredentials;
  /** Tries of one call, the first included. */
  readonly maxAttempts?: number;
  /** Longest wait for one answer; a long poll needs more than its own wait. */
  readonly requestTimeoutMs?: number;
};

export type AwsCredentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
};

/** The part of every SDK client's configuration that is decided here. */
export type AwsClientConfig = {
  region?: string;
  endpoint?: string;
  credentials?: AwsCredentials | ReturnType<typeof fromTemporaryCredentials>;
  maxAttempts: number;
  retryMode: string;
  customUserAgent: string;
  useQueueUrlAsEndpoint: boolean;
  forcePathStyle: boolean;
  requestHandler: { connectionTimeout: number; requestTimeout: number; throwOnRequestTimeout: boolean };
};

/** Gives SDK clients, one per class, all with the same access, timeouts and bounded retries. */
export type AwsClients = <Client>(client: new (config: AwsClientConfig) => Client) => Client;

const CONNECTION_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 30_000;
const MAX_ATTEMPTS = 6;

/**
 * Makes SDK clients; adapters never construct one themselves.
 * @example const aws = createAwsClients({ roleArn, externalId }); const health = aws(HealthClient);
 */
export function createAwsClients(access: AwsAccess = {}): AwsClients {
  const config = configOf(access);
  const clients = new Map<unknown, unknown>();
  return <Client>(construct: new (config: AwsClientConfig) => Client): Client => {
    const known = clients.get(construct);
    // The map holds under each class only what that class made.
    if (known !== undefined) return known as Client;
    const made = new construct(config);
    clients.set(construct, made);
    return made;
  };
}

function configOf(access: AwsAccess): AwsClientConfig {
  const region = access.region ?? regionOfEnvironment() ?? access.fallbackRegion;
  const base = {
    ...(region === undefined ? {} : { region }),
    ...(access.endpoint === undefined ? {} : { endpoint: access.endpoint }),
    maxAttempts: access.maxAttempts ?? MAX_ATTEMPTS,
    // Adaptive retries fall to one call in two seconds after the first throttling, which a walk through a large organization cannot afford.
    retryMode: 'standard',
    customUserAgent: 'yagura',
    // SQS only: its client would call the host in the queue's URL and pass over AWS_ENDPOINT_URL.
    useQueueUrlAsEndpoint: false,
    // S3 only: a bucket before the host name of a stand-in or a private endpoint does not resolve.
    forcePathStyle: hasOwnEndpoint(access),
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: access.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  };
  if (access.roleArn === undefined)
    return { ...base, ...(access.credentials === undefined ? {} : { credentials: access.credentials }) };
  return { ...base, credentials: assumedRole(access, access.roleArn, base) };
}

function assumedRole(
  access: AwsAccess,
  roleArn: string,
  base: Omit<AwsClientConfig, 'credentials'>,
): ReturnType<typeof fromTemporaryCredentials> {
  return fromTemporaryCredentials({
    ...(access.credentials === undefined ? {} : { masterCredentials: access.credentials }),
    params: {
      RoleArn: roleArn,
      RoleSessionName: access.sessionName ?? 'yagura',
      ...(access.externalId === undefined ? {} : { ExternalId: access.externalId }),
    },
    clientConfig: base,
  });
}

function hasOwnEndpoint(access: AwsAccess): boolean {
  return (access.endpoint ?? process.env['AWS_ENDPOINT_URL_S3'] ?? process.env['AWS_ENDPOINT_URL']) !== undefined;
}

// The SDK for JavaScript reads AWS_REGION only; the AWS CLI and the other SDKs know this name too.
function regionOfEnvironment(): string | undefined {
  return process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'];
}

/** The account in a role's ARN, undefined when it is not one. */
export function accountOfRole(roleArn: string | undefined): string | undefined {
  return roleArn === undefined ? undefined : /^arn:[a-z-]+:iam::(\d{12}):role\//.exec(roleArn)?.[1];
}
