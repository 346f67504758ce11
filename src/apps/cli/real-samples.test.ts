import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { folderWith, runYagura } from '../../../test/stand-ins/terminal.ts';

const samples = new URL('../../../../shared/samples/', import.meta.url);
const isHere = existsSync(samples);
if (!isHere) console.warn('Skipped: the published sample findings are not on this machine.');

const config = `organization:
  accounts:
    - { id: "111111111111", name: hub-owner, team: hub }
    - { id: "123456789012", name: panther, team: duty }
teams:
  hub: { name: Hub, slack: { guardduty: "#hub", securityhub: "#hub", health: "#hub" } }
  duty: { name: Duty, slack: { guardduty: "#duty", securityhub: "#duty", health: "#duty" } }
central: { slack: { guardduty: "#sec", securityhub: "#sec", health: "#sec" }, minimumSeverity: { guardduty: HIGH, securityhub: HIGH } }
`;

type Entry = {
  event: number;
  kind: string;
  severity: string;
  decision: string;
  problemKey: string;
  destination?: { channel: string };
};

async function preview(events: readonly unknown[]): Promise<string[]> {
  const cwd = folderWith({ 'yagura.yaml': config, 'events.json': JSON.stringify(events) });
  const { code, out, err } = await runYagura(['notify', 'preview', '--format', 'json', 'events.json'], cwd);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return (JSON.parse(out) as Entry[]).map(
    ({ event, kind, severity, decision, destination }) =>
      `${event} ${kind} ${severity} ${decision}${destination === undefined ? '' : ` ${destination.channel}`}`,
  );
}

function linesOf(path: string): unknown[] {
  const bytes = readFileSync(new URL(path, samples));
  const text = path.endsWith('.gz') ? gunzipSync(bytes).toString() : bytes.toString();
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

function envelope(detailType: string, source: string, detail: unknown): unknown {
  return {
    version: '0',
    id: 'a',
    'detail-type': detailType,
    source,
    account: '999900001111',
    time: '2021-02-18T14:00:00Z',
    region: 'us-east-1',
    resources: [],
    detail,
  };
}

describe.skipIf(!isHere)('findings that others published', () => {
  it('of GuardDuty, as an EventBridge envelope: a sample of an unknown account', async () => {
    const event = JSON.parse(
      readFileSync(new URL('guardduty/eventbridge-ec2-finding.json', samples), 'utf8'),
    ) as unknown;

    expect(await preview([event])).toEqual(['0 guardduty MEDIUM send #sec']);
  });

  it('of GuardDuty, as exported: two versions of one finding and their samples', async () => {
    const events = linesOf('guardduty/findings.jsonl.gz').map((detail) =>
      envelope('GuardDuty Finding', 'aws.guardduty', detail),
    );

    expect(await preview(events)).toEqual([
      '0 guardduty LOW send #duty',
      '1 guardduty LOW drop',
      '2 guardduty MEDIUM send #duty',
      '3 guardduty MEDIUM drop',
    ]);
  });

  it('of Security Hub, of three standards', async () => {
    const events = linesOf('security-hub/asr-findings.jsonl').map((finding) =>
      envelope('Security Hub Findings - Imported', 'aws.securityhub', { findings: [finding] }),
    );

    const told = (await preview(events)).map((line) => line.replace(/^\d+ securityhub /, ''));

    expect(told.every((line) => /^[A-Z]+ (send #(hub|sec)|drop)$/.test(line))).toBe(true);
    expect(
      Object.fromEntries(
        Map.groupBy(told, (line) => line)
          .entries()
          .map(([line, all]) => [line, all.length]),
      ),
    ).toEqual({
      'CRITICAL send #hub': 1,
      'CRITICAL send #sec': 1,
      // PCI DSS says once more what FSBP said of the same database.
      'CRITICAL drop': 1,
      'HIGH send #hub': 1,
      'HIGH send #sec': 1,
      'MEDIUM send #hub': 4,
      // Of accounts that this directory does not know.
      'MEDIUM send #sec': 2,
      'LOW drop': 4,
      'INFORMATIONAL drop': 6,
    });
  });
});
