import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type AwsAccess, createAwsClients } from '#adapters/aws-clients/aws-clients.ts';
import { awsUnreadable, configText, MOST_CONFIG_BYTES, tooLarge } from './config-text.ts';

/** The text of an S3 object. Needs `s3:GetObject`. */
export async function readS3Object(bucket: string, key: string, access: AwsAccess): Promise<string> {
  const place = `s3://${bucket}/${key}`;
  const bytes = await objectBytes(bucket, key, access);
  // One byte more than allowed was asked for.
  if (bytes.length > MOST_CONFIG_BYTES) throw tooLarge(place, bytes.length);
  return configText(bytes, place);
}

async function objectBytes(Bucket: string, Key: string, access: AwsAccess): Promise<Uint8Array> {
  const client = createAwsClients(access)(S3Client);
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, Range: `bytes=0-${MOST_CONFIG_BYTES}` }));
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  } catch (thrown) {
    throw awsUnreadable(thrown, `s3:GetObject on s3://${Bucket}/${Key}`, access, /^(NoSuchKey|NoSuchBucket|NotFound)$/);
  }
}
