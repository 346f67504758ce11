import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { openSqliteStore } from '#adapters/sqlite/sqlite-store.ts';
import { acceptEvents } from '#engine/accept-events.ts';
import type { StateStore } from '#ports/state-store.ts';
import { awsEvent, type EventRecipe } from '../../../test/stand-ins/events/aws-events.ts';
import { contextOf } from '../../../test/stand-ins/events/fates.ts';
import { folderWith, runYagura } from '../../../test/stand-ins/terminal.ts';
import { createFakeClock, createSeededRandom } from '../../../test/stand-ins/time.ts';

const NOW = Date.UTC(2026, 0, 5, 12);
const CONTROL = 'control:S3.8|111122223333|ap-northeast-1|arn:aws:s3:::example-exports';
const config = readFileSync(new URL('../../../test/stand-ins/events/issue.yaml', import.meta.url), 'utf8');

/** A folder with yagura.yaml and the data of an installation that accepted these events. */
async function installation(...recipes: readonly EventRecipe[]): Promise<string> {
  const folder = folderWith({ 'yagura.yaml': config });
  await withStoreIn(folder, async (store) => {
    const { directory, policy } = contextOf('issue');
    const ports = { store, clock: createFakeClock(NOW), random: createSeededRandom() };
    await acceptEvents(
      recipes.map((recipe) => ({ event: awsEvent(recipe) })),
      { ...ports, directory: () => directory, policy: () => policy },
    );
  });
  return folder;
}

async function withStoreIn<T>(folder: string, work: (store: StateStore) => Promise<T>): Promise<T> {
  const data = join(folder, '.yagura');
  if (!existsSync(data)) await runYagura(['doctor'], folder);
  const store = openSqliteStore({ path: join(data, 'yagura.db') });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

function park(store: StateStore): Promise<void> {
  return store.claim('slack:#payments-securityhub', NOW, 10, 'a').then((items) =>
    store.settle('a', {
      outcomes: items.map(({ id }) => ({
        id,
        outcome: { kind: 'parked' as const, error: 'channel_not_found', at: NOW },
      })),
      threads: [],
      messages: [],
    }),
  );
}

describe('commands about an installation', () => {
  it.each([
    [['findings', 'list']],
    [['findings', 'show', 'x']],
    [['exceptions', 'list']],
    [['deliveries', 'list']],
    [['audit', 'verify']],
  ])('%j say what to do where nothing was started yet', async (argv) => {
    const { code, out, err } = await runYagura(argv, folderWith({ 'yagura.yaml': config }));

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(
      /^yagura: There is no data in .*\.yagura yet\. Start once with: yagura up --data \.\/\.yagura\n$/,
    );
  });

  it('find the data of --data', async () => {
    const folder = await installation('control');

    const { code, err } = await runYagura(['findings', 'list', '--data', './.yagura/../.yagura'], folder);

    expect({ code, err }).toEqual({ code: 0, err: '1 of 1\n' });
  });
});

describe('yagura findings', () => {
  it('lists open problems, and others when asked', async () => {
    const folder = await installation('guardduty', 'control', {
      of: 'control',
      minutes: 5,
      set: { 'finding.Compliance.Status': 'PASSED' },
    });
    const keysOf = async (...more: string[]) => {
      const { out } = await runYagura(['findings', 'list', '--format', 'json', ...more], folder);
      return (JSON.parse(out) as { key: string }[]).map(({ key }) => key.split(':')[0]);
    };

    expect(await keysOf()).toEqual(['guardduty']);
    expect(await keysOf('--status', 'resolved')).toEqual(['control']);
    expect((await keysOf('--status', 'all')).sort()).toEqual(['control', 'guardduty']);
    expect(await keysOf('--severity', 'HIGH')).toEqual([]);
    expect(await keysOf('--team', 'payments', '--account', '111122223333', '--text', 'brute FORCE')).toEqual([
      'guardduty',
    ]);
    expect(await keysOf('--team', 'web')).toEqual([]);
    expect(await keysOf('--status', 'all', '--limit', '1')).toHaveLength(1);
  });

  it('shows one with its history and who was told', async () => {
    const folder = await installation('control');

    const { code, out } = await runYagura(['findings', 'show', CONTROL], folder);
    const json = await runYagura(['findings', 'show', CONTROL, '--format', 'json'], folder);

    expect(code).toBe(0);
    expect(out).toContain('S3 general purpose buckets should block public access');
    expect(out).toContain('told: #payments-securityhub');
    expect(out).toMatch(/2026-01-05 12:00 +opened/);
    expect(JSON.parse(json.out)).toMatchObject({
      problem: { key: CONTROL, team: 'payments' },
      history: [{ what: 'opened' }],
    });
  });

  it('says that a key is none, whatever is in it', async () => {
    const { code, err } = await runYagura(['findings', 'show', 'a\u001b[31m'], await installation('control'));

    expect({ code, err }).toEqual({
      code: 1,
      err: 'yagura: There is no finding a [31m. List them with: yagura findings list\n',
    });
  });
});

describe('yagura exceptions', () => {
  it('accepts a risk for at most 90 days, lists it, silences with it and ends it', async () => {
    const folder = await installation('control');

    const added = await runYagura(
      [
        'exceptions',
        'add',
        '--type',
        'S3.8',
        '--account',
        '111122223333',
        '--reason',
        'public site',
        '--owner',
        'web',
        '--days',
        '90',
        '--format',
        'json',
      ],
      folder,
    );
    const [exception] = JSON.parse(added.out) as { id: string; expiresAt: number; createdAt: number }[];
    const covered = await withStoreIn(folder, async (store) => (await store.problemPage({})).items[0]?.exceptionId);
    const removed = await runYagura(['exceptions', 'remove', exception?.id ?? '', '--format', 'json'], folder);
    const listed = await runYagura(['exceptions', 'list'], folder);

    expect(added.code).toBe(0);
    expect((exception?.expiresAt ?? 0) - (exception?.createdAt ?? 0)).toBe(90 * 86_400_000);
    expect(covered).toBe(exception?.id);
    expect(removed.code).toBe(0);
    expect(listed.out).toMatch(/removed +type=S3\.8 accountId=111122223333 +web +public site/);
  });

  it.each([
    ['91 days', ['--type', 'S3.8', '--days', '91'], 2, 'Write a whole number from 1 to 90.'],
    ['no number of days', ['--type', 'S3.8', '--days', 'many'], 2, 'Write a whole number from 1 to 90.'],
    ['half a day', ['--type', 'S3.8', '--days', '0.5'], 2, 'Write a whole number from 1 to 90.'],
    ['an account id that is none', ['--account', '123456789'], 2, 'An account id has 12 digits.'],
    ['no scope', [], 1, 'An exception needs a scope'],
    ['everything', ['--resource', '*'], 1, 'An exception for everything would silence everything'],
    ['a problem that is not known', ['--problem', 'control:typo'], 1, 'There is no finding control:typo.'],
  ])('refuses %s', async (_what, more, code, message) => {
    const argv = ['exceptions', 'add', '--reason', 'because', '--owner', 'me', ...more];
    const folder = await installation('control');

    const ran = await runYagura(argv, folder);

    expect({ code: ran.code, out: ran.out }).toEqual({ code, out: '' });
    expect(ran.err).toContain(message);
    expect(await withStoreIn(folder, (store) => store.exceptions())).toEqual([]);
  });

  it('asks for reason and owner', async () => {
    const ran = await runYagura(['exceptions', 'add', '--type', 'S3.8'], await installation('control'));

    expect(ran.code).toBe(2);
    expect(ran.err).toContain("required option '--reason <text>' not specified");
  });

  it('says which exception it does not know', async () => {
    const ran = await runYagura(['exceptions', 'remove', 'nothing'], await installation('control'));

    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('There is no exception nothing.') });
  });
});

describe('yagura deliveries', () => {
  it('lists what is queued and what was given up, and puts the latter back', async () => {
    const folder = await installation('control', 'guardduty');
    await withStoreIn(folder, park);
    const idsOf = async (state: string) => {
      const { out } = await runYagura(['deliveries', 'list', '--state', state, '--format', 'json'], folder);
      return (JSON.parse(out) as { id: string }[]).map(({ id }) => id);
    };
    const [parked = ''] = await idsOf('parked');

    const table = await runYagura(['deliveries', 'list', '--state', 'parked'], folder);
    const retried = await runYagura(['deliveries', 'retry', parked, 'nothing'], folder);

    expect(table.out).toMatch(/parked +#payments-securityhub +post +HIGH +1 .*channel_not_found/);
    expect(retried).toEqual({
      code: 0,
      out: '',
      err: 'nothing is neither parked nor queued\n1 put back; a running yagura sends them now.\n',
    });
    expect(await idsOf('parked')).toEqual([]);
    expect(await idsOf('queued')).toHaveLength(3);
  });

  it('puts all parked ones back', async () => {
    const folder = await installation('control');
    await withStoreIn(folder, park);

    expect(await runYagura(['deliveries', 'retry', '--all'], folder)).toMatchObject({
      code: 0,
      err: '1 put back; a running yagura sends them now.\n',
    });
  });

  it.each([[['retry']], [['list', '--limit', 'x']], [['list', '--limit', '0']], [['list', '--state', 'gone']]])(
    'calls %j wrong usage',
    async (argv) => {
      expect(await runYagura(['deliveries', ...argv], await installation('control'))).toMatchObject({
        code: 2,
        out: '',
      });
    },
  );
});

describe('yagura audit verify', () => {
  it('proves that the log is whole', async () => {
    const folder = await installation('control');
    const argv = ['exceptions', 'add', '--type', 'S3.8', '--reason', 'because', '--owner', 'me'];
    expect((await runYagura(['audit', 'verify'], folder)).out).toBe('The audit log is empty.\n');
    await runYagura(argv, folder);
    await runYagura(argv, folder);

    const { code, out } = await runYagura(['audit', 'verify'], folder);

    expect(code).toBe(0);
    expect(out).toMatch(/^2 entries, unbroken\. Last hash [0-9a-f]{64}\n$/);
  });

  it('names the entry that somebody changed', async () => {
    const folder = await installation('control');
    const argv = ['exceptions', 'add', '--type', 'S3.8', '--reason', 'because', '--owner', 'me'];
    for (let times = 0; times < 3; times++) await runYagura(argv, folder);
    changeInStore(folder, 'because', 'becauze');

    const { code, out } = await runYagura(['audit', 'verify'], folder);

    expect(code).toBe(1);
    expect(out).toMatch(/^broken at entry 1 \(.* UTC, cli:.* exception\.add\): its content does not match its hash\n$/);
  });
});

/** Changes a word in every text column that holds it, as somebody with the file could. */
function changeInStore(folder: string, from: string, to: string): void {
  const database = new DatabaseSync(join(folder, '.yagura', 'yagura.db'));
  const columns = database
    .prepare(
      "SELECT m.name AS tab, p.name AS col FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' AND m.name LIKE '%audit%'",
    )
    .all();
  for (const { tab, col } of columns)
    database
      .prepare(
        `UPDATE "${String(tab)}" SET "${String(col)}" = replace("${String(col)}", ?, ?) WHERE typeof("${String(col)}") = 'text'`,
      )
      .run(from, to);
  database.close();
}
