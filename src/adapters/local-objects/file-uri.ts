// What RFC 3986 allows in a path, and `/`.
const UNENCODED = /[A-Za-z0-9\-._~/!$&'()*+,;=:@]/;

/** The `file://` address of an absolute path; a name that is not UTF-8 keeps its bytes. */
export function fileUri(path: Buffer): string {
  let uri = 'file://';
  for (const byte of path) {
    const character = String.fromCharCode(byte);
    uri += UNENCODED.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return uri;
}

/** The path in a `file://` address of this machine; undefined for anything else. */
export function pathOfUri(uri: string): Buffer | undefined {
  const path = /^file:\/\/(?:localhost)?(\/[\s\S]*)$/.exec(uri)?.[1];
  if (path === undefined) return undefined;
  const bytes = Buffer.from(path, 'utf8').toString('latin1');
  const decoded = bytes.replace(/%([0-9A-Fa-f]{2})/g, (_all, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  // No file system has a name with NUL, and Node throws a TypeError at it.
  return decoded.includes('\0') ? undefined : Buffer.from(decoded, 'latin1');
}
