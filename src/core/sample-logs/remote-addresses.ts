import { hosts } from '#core/sample-organization/cast-network.ts';
import type { Random } from '#core/sample-organization/random.ts';

const named: ReadonlySet<string> = new Set(hosts.map(({ ip }) => ip));

/** Customers: every address of the rest of the world that is nobody's in the story. */
export const customers: readonly string[] = Array.from({ length: 120 }, (_, index) => `198.51.100.${index + 1}`)
  .concat(Array.from({ length: 60 }, (_, index) => `203.0.113.${index + 131}`))
  .filter((ip) => !named.has(ip));

/** Public endpoints of AWS and of others that the company's programs call. */
export const endpoints = {
  s3: ['203.0.113.2', '203.0.113.3', '203.0.113.4'],
  dynamodb: ['203.0.113.5', '203.0.113.6'],
  amazon: ['203.0.113.7', '203.0.113.8', '203.0.113.9', '203.0.113.10'],
  packages: ['198.51.100.240', '198.51.100.241'],
  partners: ['198.51.100.250', '198.51.100.251', '198.51.100.252'],
} as const;

/** Hosts that try every port of the internet; the story's scanners are among them. */
export const probers: readonly string[] = [
  ...hosts.filter(({ kind }) => kind === 'scanner').map(({ ip }) => ip),
  ...Array.from({ length: 20 }, (_, index) => `203.0.113.${21 + index}`),
];

/** A port of the kind that clients use. */
export function clientPort(random: Random): number {
  return random.between(32_768, 60_999);
}
