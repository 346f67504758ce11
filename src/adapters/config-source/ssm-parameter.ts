import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { type AwsAccess, createAwsClients } from '#adapters/aws-clients/aws-clients.ts';
import { awsUnreadable } from './config-text.ts';

/** The value of an SSM parameter (also a SecureString). Needs `ssm:GetParameter`; an advanced parameter holds 8 KB, more belongs into S3. */
export async function readSsmParameter(name: string, access: AwsAccess): Promise<string> {
  const client = createAwsClients(access)(SSMClient);
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
    return Parameter?.Value ?? '';
  } catch (thrown) {
    throw awsUnreadable(thrown, `ssm:GetParameter on ${name}`, access, /^ParameterNotFound$/);
  }
}
