import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MockServer, startMock } from '../../console/mock/mock-server.ts';
import {
  buildConsole,
  CHROMIUM,
  CONSOLE_DIR,
  namelessControls,
  openConsole,
  overflowOf,
  sayWhenThereIsNoBrowser,
  startBrowser,
} from '../e2e/console-browser.ts';

// With YAGURA_CONSOLE_URL the same rooms are entered on a real server.
const realServer = process.env['YAGURA_CONSOLE_URL'];

const ROOMS = [
  { path: '/', en: 'Overview', ja: '概要' },
  { path: '/messages', en: 'Messages', ja: 'メッセージ' },
  { path: '/findings', en: 'Findings', ja: '検出結果' },
  { path: '/search', en: 'Search', ja: 'ログ検索' },
  { path: '/sources', en: 'Log sources', ja: 'ログソース' },
  { path: '/accounts', en: 'Accounts and teams', ja: 'アカウントとチーム' },
  { path: '/accounts?tab=teams', en: 'Accounts and teams', ja: 'アカウントとチーム' },
  { path: '/routes', en: 'Routes', ja: '通知ルート' },
  { path: '/delivery', en: 'Delivery', ja: '配信状況' },
  { path: '/delivery?tab=destinations', en: 'Delivery', ja: '配信状況' },
  { path: '/delivery?tab=unknown', en: 'Delivery', ja: '配信状況' },
] as const;

const LOOKS = [
  { name: 'wide, light, English', language: 'en', locale: 'en-US', colorScheme: 'light', width: 1440, height: 900 },
  { name: 'wide, dark, Japanese', language: 'ja', locale: 'ja-JP', colorScheme: 'dark', width: 1440, height: 900 },
  {
    name: '360 pixels, light, Japanese',
    language: 'ja',
    locale: 'ja-JP',
    colorScheme: 'light',
    width: 360,
    height: 740,
  },
  { name: '360 pixels, dark, English', language: 'en', locale: 'en-GB', colorScheme: 'dark', width: 360, height: 740 },
] as const;

sayWhenThereIsNoBrowser();

describe.skipIf(CHROMIUM === undefined)('every room of the console', () => {
  let browser: Browser;
  let mock: MockServer | undefined;
  let empty: MockServer | undefined;
  let base: string;

  beforeAll(async () => {
    browser = await startBrowser();
    if (realServer !== undefined) {
      base = realServer;
      return;
    }
    await buildConsole();
    mock = await startMock({ variant: 'usual', port: 0, consoleDir: CONSOLE_DIR });
    empty = await startMock({ variant: 'empty', port: 0, consoleDir: CONSOLE_DIR });
    base = mock.url;
  });

  afterAll(async () => {
    await browser?.close();
    await mock?.close();
    await empty?.close();
  });

  describe.each(LOOKS)('$name', ({ language, locale, colorScheme, width, height }) => {
    it.each(ROOMS)('$path opens without complaint, names its controls and fits its window', async (room) => {
      const options = { locale, colorScheme, viewport: { width, height } };
      const { page, complaints, close } = await openConsole(browser, `${base}${room.path}`, options);
      await page.getByRole('heading', { level: 1, name: room[language] }).first().waitFor();
      await page.waitForLoadState('load');
      await page.locator('body').waitFor();

      const found = {
        language: await page.locator('html').getAttribute('lang'),
        dark: await page.locator('body.awsui-dark-mode').count(),
        overflow: await overflowOf(page),
        nameless: await namelessControls(page),
        complaints,
      };

      expect(found).toEqual({
        language,
        dark: colorScheme === 'dark' ? 1 : 0,
        overflow: 0,
        nameless: [],
        complaints: [],
      });
      await close();
    });
  });

  it.skipIf(realServer !== undefined).each(ROOMS)('$path says what is missing when there is nothing', async (room) => {
    const { page, complaints, close } = await openConsole(browser, `${empty?.url}${room.path}`);
    await page.getByRole('heading', { level: 1, name: room.en }).first().waitFor();

    const sentence = page.getByText(/^(No |Nothing is open|No team )/).first();
    await sentence.waitFor();

    expect(complaints).toEqual([]);
    await close();
  });

  it('says so where there is no room', async () => {
    const { page, complaints, close } = await openConsole(browser, `${base}/no/such/room`);

    await page.getByRole('heading', { name: 'Page not found' }).waitFor();
    await page.locator('#main').getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();

    expect([new URL(page.url()).pathname, complaints]).toEqual(['/', []]);
    await close();
  });
});
