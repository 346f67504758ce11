import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { openSqliteStore } from '#adapters/sqlite/sqlite-store.ts';
import type { FindingPage, MessagePage, MessageRow, Overview, Session } from '#ports/http-api.ts';
import { TEST_EPOCH } from '../../../test/stand-ins/time.ts';
import { folderPerTest, type Home, homePerTest } from '../../../test/stand-ins/yagura-home.ts';

const emptyFolder = folderPerTest();
const openHome = homePerTest();
const SAMPLE = { configText: undefined };

/** A folder whose sample ends on the same day, whenever the test runs. */
async function newFolder(): Promise<string> {
  const dataDir = emptyFolder();
  const store = openSqliteStore({ path: join(dataDir, 'sample.db') });
  await store.putSetting('sample.endAt', String(TEST_EPOCH));
  await store.close();
  return dataDir;
}

/** What a person would see: every finding and every message, without what names this run. */
async function shown(home: Home): Promise<{ findings: object[]; messages: string[]; overview: object }> {
  const findings = await home.get<FindingPage>('/api/findings?limit=500&sort=firstSeenAt');
  const messages: MessageRow[] = [];
  let before = '';
  do {
    const page = await home.get<MessagePage>(`/api/messages?limit=200&before=${before}`);
    messages.push(...page.items);
    before = encodeURIComponent(page.nextToken ?? '');
  } while (before !== '');
  const lines = messages.map(({ id, sentAt, destinationKey, text, blocks, replies }) =>
    JSON.stringify({ id, sentAt, destinationKey, text, blocks, replies: replies.map((reply) => reply.text) }),
  );
  const { open, byTeam, unownedAccounts } = await home.get<Overview>('/api/overview');
  return {
    findings: findings.items.map((item) => ({ ...item })),
    // Channels are served side by side, so messages of one moment may be in any order.
    messages: lines.map((line) => line.replace(/http:\/\/127\.0\.0\.1:\d+/g, 'URL')).sort(),
    overview: { open, byTeam, unownedAccounts },
  };
}

/** Stops a home after it has accepted `batches` of the sample's hours. */
async function stopAfter(batches: number, dataDir: string): Promise<void> {
  const home = await openHome({ ...SAMPLE, dataDir });
  const { store } = home.running.yagura;
  const apply = store.apply;
  let applied = 0;
  const enough = Promise.withResolvers<void>();
  vi.spyOn(store, 'apply').mockImplementation(async (changes) => {
    const lost = await apply(changes);
    applied += 1;
    if (applied === batches) enough.resolve();
    return lost;
  });
  await enough.promise;
  await home.running.stop();
}

/** A home that fails between the events of an hour and the note that they were accepted, as a kill would have it. */
async function breakAt(hours: number, dataDir: string): Promise<void> {
  const home = await openHome({ ...SAMPLE, dataDir });
  const { store } = home.running.yagura;
  const putSetting = store.putSetting;
  let noted = 0;
  vi.spyOn(store, 'putSetting').mockImplementation(async (name, ...rest) => {
    if (name === 'sample.played') noted += 1;
    if (noted > hours) throw new Error('killed');
    return await putSetting(name, ...rest);
  });
  await expect(home.running.sampleLoaded).rejects.toThrow('killed');
  await home.running.stop();
}

describe('the sample organization', () => {
  it('is the same after restarts, also when it was stopped in the middle', async () => {
    const whole = await openHome({ ...SAMPLE, dataDir: await newFolder() });
    await whole.running.sampleLoaded;
    const expected = await shown(whole);
    await whole.running.stop();
    const dataDir = await newFolder();

    await stopAfter(20, dataDir);
    await stopAfter(150, dataDir);
    const resumed = await openHome({ ...SAMPLE, dataDir });
    await resumed.running.sampleLoaded;
    const first = await shown(resumed);
    await resumed.running.stop();
    const again = await openHome({ ...SAMPLE, dataDir });
    await again.running.sampleLoaded;

    expect(expected.findings.length).toBeGreaterThan(100);
    expect(expected.messages.length).toBeGreaterThan(100);
    expect(first).toEqual(expected);
    expect((await shown(again)).findings).toEqual(expected.findings);
    expect(await again.get<Session>('/api/session')).toMatchObject({ sample: true });
  }, 120_000);

  it('tells nothing twice and nothing less after a crash between two steps', async () => {
    const whole = await openHome({ ...SAMPLE, dataDir: await newFolder() });
    await whole.running.sampleLoaded;
    const expected = await shown(whole);
    const dataDir = await newFolder();

    for (const hours of [0, 40, 90]) await breakAt(hours, dataDir);
    const resumed = await openHome({ ...SAMPLE, dataDir });
    await resumed.running.sampleLoaded;

    const idsOf = (messages: readonly string[]) =>
      messages.map((line) => (JSON.parse(line) as { id: string }).id).sort();
    const { messages, overview } = await shown(resumed);
    expect(idsOf(messages)).toEqual(idsOf(expected.messages));
    expect(overview).toEqual(expected.overview);
  }, 120_000);
});
