/** The fields of real-time logs in the order in which CloudFront always writes those that a configuration names. */
const allFields =
  'timestamp c-ip s-ip time-to-first-byte sc-status sc-bytes cs-method cs-protocol cs-host cs-uri-stem cs-bytes x-edge-location x-edge-request-id x-host-header time-taken cs-protocol-version c-ip-version cs-user-agent cs-referer cs-cookie cs-uri-query x-edge-response-result-type x-forwarded-for ssl-protocol ssl-cipher x-edge-result-type fle-encrypted-fields fle-status sc-content-type sc-content-len sc-range-start sc-range-end c-port x-edge-detailed-result-type c-country cs-accept-encoding cs-accept cache-behavior-path-pattern cs-headers cs-header-names cs-headers-count primary-distribution-id primary-distribution-dns-name origin-fbl origin-lbl asn cmcd-encoded-bitrate cmcd-buffer-length cmcd-buffer-starvation cmcd-content-id cmcd-object-duration cmcd-deadline cmcd-measured-throughput cmcd-next-object-request cmcd-next-range-request cmcd-object-type cmcd-playback-rate cmcd-requested-maximum-throughput cmcd-streaming-format cmcd-session-id cmcd-stream-type cmcd-startup cmcd-top-bitrate cmcd-version r-host sr-reason x-edge-mqcs distribution-tenant-id connection-id'.split(
    ' ',
  );
/** Not offered before 2024. */
const laterFields = new Set(['s-ip', 'primary-distribution-id', 'primary-distribution-dns-name']);
const earlyFields = allFields.filter((name) => !laterFields.has(name));
const without = (pattern: RegExp): readonly string[] => allFields.slice(0, 67).filter((name) => !pattern.test(name));

/**
 * Configurations with all fields of their time, by the number of fields. The lines do not name their fields, so any other
 * number cannot be understood.
 */
const fullConfigurations = new Map(
  [
    earlyFields.slice(0, 40),
    earlyFields.slice(0, 43),
    allFields.slice(0, 46),
    without(/^cmcd-/),
    allFields.slice(0, 64),
    allFields.slice(0, 67),
    allFields.slice(0, 68),
    allFields,
  ].map((fields) => [fields.length, fields]),
);

/** The names of a line's values where it has all fields that CloudFront ever offered at one time. */
export function realtimeFields(count: number): readonly string[] | undefined {
  return fullConfigurations.get(count);
}
