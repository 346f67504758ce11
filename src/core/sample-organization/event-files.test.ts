import { describe, expect, it } from 'vitest';
import { sampleEventFiles } from './event-files.ts';
import { sampleOrganization } from './sample-organization.ts';

const sample = sampleOrganization({ endAt: Date.UTC(2026, 10, 17, 6, 0, 0) });
const files = [...sampleEventFiles(sample)];

describe('the event files', () => {
  it('hold every event once, as JSON lines', () => {
    const ids = files.flatMap((file) =>
      file.text
        .trimEnd()
        .split('\n')
        .map((line): string => JSON.parse(line).id),
    );

    expect(ids.sort()).toEqual(sample.events.map((event) => event.envelope.id).sort());
  });

  it('are named by kind and day', () => {
    const kinds = new Set(files.map((file) => file.path.split('/')[0]));

    expect(files.every((file) => /^[a-z]+\/2026\/11\/\d\d\.jsonl$/.test(file.path))).toBe(true);
    expect(kinds).toEqual(new Set(['guardduty', 'securityhub', 'health', 'account', 'other']));
    expect(new Set(files.map((file) => file.path)).size).toBe(files.length);
  });
});
