import { createHmac, timingSafeEqual } from 'node:crypto';

export type SignedRequest = {
  readonly signingSecret: string;
  /** Header X-Slack-Request-Timestamp. */
  readonly timestamp: string | undefined;
  /** Header X-Slack-Signature. */
  readonly signature: string | undefined;
  /** The bytes as they came; a body that was decoded and encoded again may differ. */
  readonly rawBody: Uint8Array;
  /** Epoch ms. */
  readonly now: number;
};

const WINDOW_SECONDS = 5 * 60;

/**
 * True when Slack signed exactly these bytes within five minutes of now.
 * https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
export function verifySlackSignature({ signingSecret, timestamp, signature, rawBody, now }: SignedRequest): boolean {
  // An empty secret would let anybody sign.
  if (signingSecret === '') return false;
  if (timestamp === undefined || !/^\d{1,12}$/.test(timestamp)) return false;
  // A time ahead of ours is refused too: a stolen request dated into the future would stay good for long.
  if (Math.abs(now / 1_000 - Number(timestamp)) > WINDOW_SECONDS) return false;
  if (signature === undefined || !/^v0=[0-9a-f]{64}$/.test(signature)) return false;
  const expected = createHmac('sha256', signingSecret).update(`v0:${timestamp}:`).update(rawBody).digest();
  return timingSafeEqual(expected, Buffer.from(signature.slice('v0='.length), 'hex'));
}
