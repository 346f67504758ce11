import type { SampleOrganization } from './sample-organization.ts';
import type { EventBridgeEnvelope } from './types.ts';

type SampleFile = { readonly path: string; readonly text: string };

const FOLDERS: Readonly<Record<string, string>> = {
  'aws.guardduty': 'guardduty',
  'aws.securityhub': 'securityhub',
  'aws.health': 'health',
  'aws.organizations': 'account',
  'aws.controltower': 'account',
};

/** The events as files of JSON lines, one per kind and day (UTC), such as `guardduty/2026/11/03.jsonl`. */
export function* sampleEventFiles(sample: Pick<SampleOrganization, 'events'>): Generator<SampleFile> {
  const lines = new Map<string, string[]>();
  for (const { envelope } of sample.events) {
    const path = pathOf(envelope);
    const file = lines.get(path) ?? [];
    file.push(JSON.stringify(envelope));
    lines.set(path, file);
  }
  for (const path of [...lines.keys()].sort()) {
    yield { path, text: `${(lines.get(path) ?? []).join('\n')}\n` };
  }
}

function pathOf(envelope: EventBridgeEnvelope): string {
  const [year, month, day] = envelope.time.slice(0, 10).split('-');
  return `${FOLDERS[envelope.source] ?? 'other'}/${year}/${month}/${day}.jsonl`;
}
