/** The key that S3 wrote URL-encoded into a notification or a listing, `+` for a space; undefined when it is not encoded UTF-8. */
export function decodeS3Key(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch (thrown) {
    if (thrown instanceof URIError) return undefined;
    throw thrown;
  }
}

/** Bucket and key of an `s3://` address, taken literally: nothing in a key is encoded there. */
export function splitS3Uri(uri: string): { readonly bucket: string; readonly key: string } | undefined {
  const found = /^s3:\/\/([a-zA-Z0-9][a-zA-Z0-9._-]{1,254})(?:\/([\s\S]*))?$/.exec(uri);
  return found?.[1] === undefined ? undefined : { bucket: found[1], key: found[2] ?? '' };
}
