import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { awsEvent, type EventRecipe } from '../../../test/stand-ins/events/aws-events.ts';
import { folderWith, type Ran, runYagura } from '../../../test/stand-ins/terminal.ts';

const config = readFileSync(new URL('../../../test/stand-ins/events/issue.yaml', import.meta.url), 'utf8');
const text = (...recipes: readonly EventRecipe[]) => recipes.map((recipe) => JSON.stringify(awsEvent(recipe)));

type Entry = {
  event: number;
  kind: string;
  problemKey: string;
  account: { id: string; name: string | null } | null;
  team: string | null;
  severity: string;
  decision: string;
  reason: string;
  action: string;
  destination?: { kind: string; channel: string };
  message?: { text: string; blocks: unknown[] };
};

async function preview(
  files: Readonly<Record<string, string | Buffer>>,
  yaml: string = config,
): Promise<Ran & { entries: Entry[] }> {
  const cwd = folderWith({ 'yagura.yaml': yaml, ...files });
  const argv = ['notify', 'preview', '--config', 'yagura.yaml', '--format', 'json', ...Object.keys(files)];
  const ran = await runYagura(argv, cwd);
  return { ...ran, entries: ran.out === '' ? [] : (JSON.parse(ran.out) as Entry[]) };
}

function short({ event, action, destination, decision }: Entry): string {
  return `${event} ${decision} ${action}${destination === undefined ? '' : ` ${destination.channel}`}`;
}

describe('yagura notify preview', () => {
  it('prints one JSON array with everything the issue promises of an entry', async () => {
    const { code, err, entries } = await preview({ 'a.json': text('guardduty').join() });

    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(entries.map((entry) => Object.keys(entry))).toEqual(
      entries.map(() => [
        'event',
        'kind',
        'problemKey',
        'account',
        'team',
        'severity',
        'decision',
        'reason',
        'action',
        'destination',
        'message',
      ]),
    );
    expect(entries.map(short)).toEqual(['0 send post #payments-guardduty', '0 send post #sec-guardduty']);
    expect(entries[0]?.account).toEqual({
      id: '111122223333',
      name: 'payments-prod',
      ou: 'Workloads/Prod',
      environment: 'prod',
    });
  });

  it('says the account’s name and id in each reader’s language', async () => {
    const { entries } = await preview({ 'a.json': text('guardduty').join() });
    const [team = '', central = ''] = entries.map(({ message }) => JSON.stringify(message));

    for (const message of [team, central]) expect(message).toContain('payments-prod (111122223333)');
    expect(team).toMatch(/[ぁ-ん]/);
    expect(central).not.toMatch(/[ぁ-ん]/);
    expect(central).toContain('198.51.100.23');
  });

  it('reads one envelope, an array and JSON lines, plain and as gzip, and counts events through all files', async () => {
    const [one = '', two = '', three = '', four = ''] = text('guardduty', 'control', 'health', 'ec2-state');

    const { code, entries } = await preview({
      'one.json': JSON.stringify(JSON.parse(one), null, 2),
      'array.json.gz': gzipSync(`[${two},${three}]`),
      'lines.jsonl': `${four}\n\n${two}\n`,
      'lines.jsonl.gz': gzipSync(`${one}\n${three}`),
    });

    expect(code).toBe(0);
    expect(entries.map(short)).toEqual([
      '0 send post #payments-guardduty',
      '0 send post #sec-guardduty',
      '1 send post #payments-securityhub',
      '2 send post #payments-health',
      '2 send post #soc-health',
      '3 drop none',
      '4 drop none',
      '5 drop none',
      '6 drop none',
    ]);
  });

  it('names file and place of what it cannot read, goes on with the rest and fails', async () => {
    const [good = '', other = ''] = text('guardduty', 'control');

    const { code, err, entries } = await preview({
      'broken.json': '{"detail-type": "x", }',
      'empty.json': '',
      'lines.jsonl': `${good}\n{"oops":\n${other}`,
      'cut.json.gz': gzipSync(good).subarray(0, 60),
    });

    expect(code).toBe(1);
    expect(entries.map(short)).toEqual([
      '0 send post #payments-guardduty',
      '0 send post #sec-guardduty',
      '1 send post #payments-securityhub',
    ]);
    expect(err).toMatch(/broken\.json: line 1, column 22: not JSON/);
    expect(err).toMatch(/empty\.json: line 1, column 1: the document is empty/);
    expect(err).toMatch(/lines\.jsonl: line 2, column 9: not JSON/);
    expect(err).toMatch(/cut\.json\.gz: not readable as gzip/);
  });

  it('says so when a file is missing or a folder, and still does the others', async () => {
    const cwd = folderWith({ 'yagura.yaml': config, 'a.json': text('control').join() });

    const ran = await runYagura(['notify', 'preview', '--format', 'json', 'none.json', '.', 'a.json'], cwd);

    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(/none\.json: ENOENT/);
    expect(ran.err).toMatch(/\.: EISDIR/);
    expect(JSON.parse(ran.out)).toHaveLength(1);
  });

  it('refuses a bomb of gzip before it fills the memory', async () => {
    const member = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '));

    const { code, err } = await preview({
      'bomb.gz': Buffer.concat(Array.from({ length: 9 }, () => member)),
    });

    expect(code).toBe(1);
    expect(err).toMatch(/bomb\.gz: not readable as gzip/);
  });

  it('keeps broken and unknown events in the count', async () => {
    const { code, entries } = await preview({
      'a.json': '[7, {"source": "aws.health"}, null, [], {"detail-type": "x", "source": "y", "detail": {}}]',
    });

    expect(code).toBe(0);
    expect(entries.map(({ event, kind, decision, action }) => [event, kind, decision, action])).toEqual(
      [0, 1, 2, 3, 4].map((event) => [event, 'unknown', 'drop', 'none']),
    );
    expect(entries.map(({ reason }) => reason)).toEqual([
      'not understood: an event is a JSON object; kept',
      'not understood: no "detail-type": not an EventBridge event; kept',
      'not understood: an event is a JSON object; kept',
      'not understood: an event is a JSON object; kept',
      'unknown kind of event: x; counted and kept',
    ]);
  });

  it('prints an empty array for no events', async () => {
    expect(await preview({ 'a.json': '[]' })).toMatchObject({ code: 0, entries: [], err: '' });
  });

  it('starts from a fresh state every time and leaves nothing behind', async () => {
    const files = { 'a.json': text('guardduty', 'guardduty').join('\n') };

    const [first, second] = [await preview(files), await preview(files)];

    expect(first.out).toBe(second.out);
    expect(first.entries.map(short).at(-1)).toBe('1 drop none');
  });

  it('refuses a yagura.yaml that is wrong, with every problem in it', async () => {
    const { code, out, err } = await preview(
      { 'a.json': text('guardduty').join() },
      config.replace('team: payments', 'team: payment'),
    );

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(
      'yagura.yaml:3:95 error: organization.accounts.0.team: team "payment" is not among the teams – did you mean "payments"?',
    );
  });

  it('applies routes, exceptions and digests of yagura.yaml', async () => {
    const yaml = `${config}routes:\n  - { name: nightly, to: central, match: { kind: [guardduty] }, decision: digest }\nexceptions:\n  - { type: S3.8, reason: public site, owner: web, expires: 2999-01-01 }\n`;

    const { entries } = await preview({ 'a.json': text('guardduty', 'control').join('\n') }, yaml);

    expect(entries.map(short)).toEqual([
      '0 send post #payments-guardduty',
      '0 digest post #sec-guardduty',
      '1 drop none',
    ]);
    expect(entries[2]?.reason).toMatch(/^exception config:[0-9a-f]{16}: risk accepted by web until \d{4}-\d\d-\d\d$/);
  });

  it('says loudly that an account has no owner or is not known', async () => {
    const { entries } = await preview({
      'a.json': text(
        { of: 'control', set: { 'finding.AwsAccountId': '123456789' } },
        { of: 'guardduty', set: { 'detail.accountId': '444455556666' } },
      ).join('\n'),
    });

    expect(entries.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^unknown account 123456789/),
      expect.stringMatching(/^unknown account 444455556666/),
    ]);
    for (const { message } of entries) expect(JSON.stringify(message)).toMatch(/owner|unknown/i);
  });

  it('lets nothing an attacker wrote reach Slack or the terminal as a command', async () => {
    const hostile = '<!channel> *bold* <https://evil.example|x> \u001b[31m\u009b31m\u202e';
    const files = {
      'a.json': text({
        of: 'guardduty',
        set: { 'detail.title': hostile, 'detail.resource.instanceDetails.tags': [{ key: 'Name', value: hostile }] },
      }).join(),
    };
    const cwd = folderWith({ 'yagura.yaml': config, ...files });

    const json = await preview(files);
    const table = await runYagura(['notify', 'preview', 'a.json'], cwd);

    for (const { message } of json.entries) {
      expect(JSON.stringify(message)).not.toMatch(/<!channel|<https:\/\/evil/);
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    for (const out of [json.out, table.out]) expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });

  it('prints a table for people', async () => {
    const cwd = folderWith({ 'yagura.yaml': config, 'a.json': text('control').join() });

    const { out } = await runYagura(['notify', 'preview', 'a.json'], cwd);

    expect(out.split('\n')[0]).toMatch(/^EVENT +KIND +SEVERITY +ACCOUNT +TEAM +DECISION +TO +REASON$/);
    expect(out.split('\n')[1]).toMatch(
      /^0 +securityhub +HIGH +payments-prod \(111122223333\) +payments +send post +#payments-securityhub/,
    );
  });

  it('prints one entry a line as JSON lines', async () => {
    const cwd = folderWith({ 'yagura.yaml': config, 'a.json': text('guardduty').join() });

    const { out } = await runYagura(['notify', 'preview', '--format', 'jsonl', 'a.json'], cwd);

    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as Entry).destination?.channel),
    ).toEqual(['#payments-guardduty', '#sec-guardduty']);
  });
});
