import { sampleOrganization } from '#core/sample-organization/sample-organization.ts';

const END = Date.UTC(2026, 10, 15);

/** yagura.yaml of the sample organization. */
export const configText: string = sampleOrganization({ endAt: END }).configYaml;

/** `count` events in AWS's formats, each of a problem of its own, as JSON text. The seed is the sample's. */
export function distinctEvents(count: number, from = 0): string[] {
  const models = sampleOrganization({ endAt: END })
    .events.map(({ envelope }) => envelope)
    .filter(isActiveFinding)
    .map((envelope) => JSON.stringify(envelope));
  return Array.from({ length: count }, (_, index) => distinct(models[index % models.length] ?? '{}', from + index));
}

/** The same text with resources and ids of its own. */
function distinct(text: string, index: number): string {
  const suffix = `x${index.toString(36)}`;
  const event = JSON.parse(text) as {
    detail: { findings?: { Id: string; Resources?: { Id: string }[] }[]; id?: string };
  }; // made by the generator
  if (event.detail.id !== undefined) event.detail.id += suffix;
  for (const finding of event.detail.findings ?? []) {
    finding.Id += suffix;
    for (const resource of finding.Resources ?? []) resource.Id += suffix;
  }
  return JSON.stringify(event);
}

function isActiveFinding(envelope: Readonly<Record<string, unknown>>): boolean {
  const type = envelope['detail-type'];
  const text = JSON.stringify(envelope);
  if (type === 'GuardDuty Finding') return !text.includes('"archived":true');
  return type === 'Security Hub Findings - Imported' && text.includes('"FAILED"') && !text.includes('SUPPRESSED');
}

/** The middle of several runs. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** CPU seconds of this process that `work` took. */
export async function cpuSeconds(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
