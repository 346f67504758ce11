/** A host outside AWS. Addresses are of the documentation ranges, AS numbers of RFC 5398. */
export type RemoteHost = {
  readonly key: string;
  readonly kind: 'office' | 'attacker' | 'scanner' | 'mining-pool' | 'stranger' | 'home' | 'victim';
  readonly ip: string;
  readonly countryCode: string;
  readonly country: string;
  readonly city: string;
  readonly lat: number;
  readonly lon: number;
  readonly asn: number;
  readonly asOrganization: string;
};

/** The company's own public addresses are 192.0.2.0/24; 198.51.100.0/24 and 203.0.113.0/24 are the rest of the world. */
export const hosts: readonly RemoteHost[] = [
  host('office-tokyo', 'office', '192.0.2.10', 'JP', 'Japan', 'Tokyo', [35.69, 139.69], 64496, 'Example Company'),
  host('office-osaka', 'office', '192.0.2.20', 'JP', 'Japan', 'Osaka', [34.69, 135.5], 64496, 'Example Company'),
  host('home-tokyo', 'home', '203.0.113.200', 'JP', 'Japan', 'Yokohama', [35.44, 139.64], 64497, 'Example Fiber'),
  host('attacker', 'attacker', '198.51.100.23', 'NL', 'Netherlands', 'Amsterdam', [52.37, 4.9], 64498, 'Example VPS'),
  host(
    'mining-pool',
    'mining-pool',
    '203.0.113.66',
    'FI',
    'Finland',
    'Helsinki',
    [60.17, 24.94],
    64499,
    'Example Pool',
  ),
  host(
    'stranger-1',
    'stranger',
    '198.51.100.140',
    'US',
    'United States',
    'Dallas',
    [32.78, -96.8],
    64500,
    'Example ISP',
  ),
  host(
    'stranger-2',
    'stranger',
    '198.51.100.141',
    'DE',
    'Germany',
    'Frankfurt',
    [50.11, 8.68],
    64501,
    'Example Crawler',
  ),
  host('scanner-1', 'scanner', '203.0.113.11', 'BR', 'Brazil', 'São Paulo', [-23.55, -46.63], 64502, 'Example Hosting'),
  host('scanner-2', 'scanner', '203.0.113.12', 'VN', 'Vietnam', 'Hanoi', [21.03, 105.85], 64503, 'Example Telecom'),
  host(
    'scanner-3',
    'scanner',
    '203.0.113.13',
    'US',
    'United States',
    'Ashburn',
    [39.04, -77.49],
    64504,
    'Example Research',
  ),
  host(
    'scanner-4',
    'scanner',
    '198.51.100.77',
    'GB',
    'United Kingdom',
    'London',
    [51.51, -0.13],
    64505,
    'Example Cloud',
  ),
  host('scanner-5', 'scanner', '198.51.100.78', 'IN', 'India', 'Mumbai', [19.08, 72.88], 64506, 'Example Broadband'),
  host('flood-victim', 'victim', '203.0.113.240', 'CA', 'Canada', 'Toronto', [43.65, -79.38], 64507, 'Example Games'),
];

export const scanners: readonly RemoteHost[] = hosts.filter((candidate) => candidate.kind === 'scanner');

/** Names that are looked up in the story. */
export const domains = { miningPool: 'stratum.pool.example.net', control: 'c2.example.net' } as const;

/** A remote host by its key. */
export function remoteHost(key: string): RemoteHost {
  const found = hosts.find((candidate) => candidate.key === key);
  if (found === undefined) throw new RangeError(`no host ${key} in the sample organization`);
  return found;
}

function host(
  key: string,
  kind: RemoteHost['kind'],
  ip: string,
  countryCode: string,
  country: string,
  city: string,
  [lat, lon]: readonly [number, number],
  asn: number,
  asOrganization: string,
): RemoteHost {
  return { key, kind, ip, countryCode, country, city, lat, lon, asn, asOrganization };
}
