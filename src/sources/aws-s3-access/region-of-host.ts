const regionShape = /^[a-z]{2}-[a-z-]{3,20}-\d{1,2}$/;

/**
 * The Region that an S3 host name tells, as in `bucket.s3.eu-west-1.amazonaws.com`, `s3-us-west-2.amazonaws.com` or
 * `bucket.s3.dualstack.ap-northeast-1.amazonaws.com`; null where it tells none.
 */
export function regionOfHost(host: string | null): string | null {
  if (host === null || !/\.amazonaws\.com(?:\.cn)?$/.test(host)) return null;
  const labels = host.split('.');
  const end = labels.lastIndexOf('amazonaws');
  const last = labels[end - 1] ?? '';
  const candidate = last.startsWith('s3-') ? last.slice(3) : last;
  return regionShape.test(candidate) && isS3(labels.slice(0, end)) ? candidate : null;
}

function isS3(labels: readonly string[]): boolean {
  return labels.some((label) => label === 's3' || label.startsWith('s3-'));
}
