import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type MockServer, startMock } from '../../console/mock/mock-server.ts';
import {
  buildConsole,
  CHROMIUM,
  CONSOLE_DIR,
  type ConsolePage,
  openConsole,
  sayWhenThereIsNoBrowser,
  startBrowser,
} from '../e2e/console-browser.ts';

sayWhenThereIsNoBrowser();

describe.skipIf(CHROMIUM === undefined)('the console', () => {
  let browser: Browser;
  let mock: MockServer;
  let opened: ConsolePage | undefined;

  beforeAll(async () => {
    await buildConsole();
    browser = await startBrowser();
  });

  afterAll(async () => {
    await browser?.close();
  });

  beforeEach(async () => {
    mock = await startMock({ variant: 'usual', port: 0, consoleDir: CONSOLE_DIR });
  });

  afterEach(async () => {
    expect(opened?.complaints ?? []).toEqual([]);
    await opened?.close();
    opened = undefined;
    await mock.close();
  });

  async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    opened = await openConsole(browser, `${mock.url}${path}`, options);
    await opened.page.getByRole('heading', { level: 1 }).first().waitFor();
    return opened.page;
  }

  const posts = () => mock.requests.filter((request) => request.startsWith('POST'));
  const row = (page: Page, text: string | RegExp) => page.getByRole('row').filter({ hasText: text }).first();
  const first = () => {
    const [finding] = mock.world.findings;
    if (finding === undefined) throw new Error('the mock has findings');
    return finding;
  };

  describe('speaks and looks as the user wants', () => {
    it('changes the language at once and remembers it', async () => {
      const page = await open('/findings');

      await page.getByRole('button', { name: 'Language: English' }).click();
      await page.getByRole('menuitemcheckbox', { name: '日本語' }).click();
      await page.getByRole('heading', { level: 1, name: '検出結果' }).waitFor();
      await page.reload();
      await page.getByRole('heading', { level: 1, name: '検出結果' }).waitFor();

      expect(await page.locator('html').getAttribute('lang')).toBe('ja');
      expect(await page.title()).toBe('検出結果 – Yagura');
    });

    it('follows the theme of the system until the user chooses one', async () => {
      const page = await open('/', { colorScheme: 'dark' });
      const dark = page.locator('body.awsui-dark-mode');
      await dark.waitFor();

      await page.emulateMedia({ colorScheme: 'light' });
      await dark.waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Theme: Same as system' }).click();
      await page.getByRole('menuitemcheckbox', { name: 'Dark' }).click();
      await dark.waitFor();
      await page.reload();

      await dark.waitFor();
    });
  });

  describe('findings', () => {
    it('are filtered by typing, and the address keeps the filter', async () => {
      const page = await open('/findings');

      await page.getByRole('combobox', { name: 'Filter findings' }).fill('bitcoin');
      await page.keyboard.press('Enter');
      await page.waitForURL(/bitcoin/);
      await row(page, 'Bitcoin pool').waitFor();
      await page.reload();

      await row(page, 'Bitcoin pool').waitFor();
      expect(await row(page, 'public access').count()).toBe(0);
    });

    it('are filtered by a team chosen from the list, shown by its name', async () => {
      const page = await open('/findings');
      const filter = page.getByRole('combobox', { name: 'Filter findings' });

      await filter.fill('Team =');
      await page.getByRole('option', { name: /決済チーム/ }).click();
      await page.getByRole('button', { name: 'Apply' }).click();
      await page.getByText('Team = 決済チーム').waitFor();

      expect(new URL(page.url()).searchParams.get('filter')).toContain(
        '{"property":"team","operator":"=","value":"payments"}',
      );
      // The address changes before the list does.
      await expect.poll(() => row(page, 'No owner').count()).toBe(0);
    });

    it('are sorted by the server and keep their order when the user comes back', async () => {
      const page = await open('/findings');

      await page.getByRole('button', { name: 'Severity, not sorted' }).press('Enter');
      await page.waitForURL(/sort=severity/);
      await page
        .getByRole('link', { name: /instance is being probed/ })
        .first()
        .click();
      await page.getByRole('tab', { name: 'Overview' }).waitFor();
      await page.goBack();
      await page.waitForURL(/sort=severity/);

      await page.getByRole('columnheader', { name: 'Severity, sorted' }).first().waitFor();
    });

    it('are acknowledged together', async () => {
      const page = await open('/findings');

      await page.getByRole('checkbox').nth(1).check();
      await page.getByRole('checkbox').nth(2).check();
      await page.getByRole('button', { name: 'Acknowledge', exact: true }).click();
      await page.getByText('2 findings acknowledged').waitFor();

      await row(page, 'Acknowledged').waitFor();
      expect(posts()).toHaveLength(2);
    });

    it('with hostile titles are shown as they are written', async () => {
      const page = await open('/findings');

      await page.getByText('<script>alert(1)</script> *bold* <!channel>').first().waitFor();
    });
  });

  describe('one finding', () => {
    const path = () => `/findings/${encodeURIComponent(first().key)}`;

    it('is assigned, and its history tells', async () => {
      const page = await open(path());

      await page.getByRole('button', { name: 'Assign', exact: true }).click();
      await page.getByRole('menuitem', { name: 'Assign to me' }).click();
      await page.getByText('1 finding assigned to Local user').waitFor();
      await page.getByRole('tab', { name: 'History' }).click();

      await page.getByText('by Local user').waitFor();
    });

    it('has its risk accepted only with a reason and at most 90 days', async () => {
      const page = await open(path());
      await page.getByRole('button', { name: 'Accept risk' }).click();
      const dialog = page.getByRole('dialog');

      await dialog.getByRole('spinbutton').fill('91');
      await dialog.getByText('Enter a number from 1 to 90.').waitFor();
      await dialog.getByRole('button', { name: 'Accept risk' }).click();
      await dialog.getByText('Enter a reason.').waitFor();
      expect(posts()).toEqual([]);
      await dialog.getByRole('textbox', { name: 'Reason' }).fill('Public product images only');
      await dialog.getByRole('spinbutton').fill('90');
      await dialog.getByRole('button', { name: 'Accept risk' }).click();

      await page.getByText(/^Risk accepted until Feb 2\d, 2027/).waitFor();
      await page.getByRole('button', { name: 'End exception' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'End exception' }).click();
      await page.getByText('Exception ended').waitFor();
    });

    it('gives back the focus when its form is left with Escape', async () => {
      const page = await open(path());
      const button = page.getByRole('button', { name: 'Accept risk' });
      await button.click();
      await page.getByRole('dialog').waitFor();

      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });

      expect(await button.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
    });

    it('says when there is none with that key', async () => {
      opened = await openConsole(browser, `${mock.url}/findings/none`);
      const { page } = opened;

      await page.getByText('Finding not found').waitFor();
      await page.getByRole('link', { name: 'Back to the findings' }).click();

      await page.getByRole('heading', { level: 1, name: /^Findings/ }).waitFor();
    });
  });

  describe('messages', () => {
    it('are shown by channel with their threads', async () => {
      const page = await open('/messages');

      await page.getByRole('navigation', { name: 'Channels' }).getByRole('link', { name: '#sec-health' }).click();
      await page.getByRole('heading', { level: 2, name: '#sec-health' }).waitFor();
      await page.waitForURL(/channel=slack%3A%23sec-health/);

      expect(
        await page
          .getByRole('article')
          .first()
          .getByText('Nobody owns this account.')
          .or(page.getByText('担当チームがありません'))
          .count(),
      ).toBeGreaterThan(0);
    });

    it('do here what their buttons do in Slack', async () => {
      const page = await open('/messages');
      const message = page.getByRole('article').first();

      await message.getByRole('button', { name: '確認済みにする' }).click();
      await page.getByText('1 finding acknowledged').waitFor();
      await message.getByRole('button', { name: 'なぜ届いたのか' }).click();
      await page.getByRole('dialog').getByText('Route payments/guardduty').waitFor();
      await page.getByRole('dialog').getByRole('link', { name: 'Open the finding' }).click();
      await page.getByRole('tab', { name: 'Overview' }).waitFor();

      expect(posts()).toEqual([`POST /findings/${encodeURIComponent(first().key)}/acknowledge`]);
    });

    it('open the form for accepting a risk', async () => {
      const page = await open('/messages');

      await page.getByRole('article').first().getByRole('button', { name: 'リスクを受け入れる' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('textbox', { name: 'Reason' }).fill('Known test of the red team');
      await dialog.getByRole('button', { name: 'Accept risk' }).click();

      await page.getByText(/^Risk accepted: Credentials/).waitFor();
    });

    it('of earlier days come on request', async () => {
      const page = await open('/messages');
      await page.getByText('30 of 60').waitFor();

      await page.getByRole('button', { name: 'Show older messages' }).click();
      await page.getByRole('button', { name: 'Show older messages' }).waitFor({ state: 'detached' });

      expect(await page.locator('article[id]').count()).toBe(60);
    });
  });

  describe('routes', () => {
    it('explain a pasted event with the drawn message', async () => {
      const page = await open('/routes');
      await page.getByRole('button', { name: 'Explain' }).click();
      await page.getByText('Paste an event or choose a finding.').waitFor();

      await page.getByRole('textbox', { name: 'Event' }).fill('{"detail-type":"GuardDuty Finding"}');
      await page.getByRole('radio', { name: '日本語' }).check();
      await page.getByRole('button', { name: 'Explain' }).click();

      await page.getByRole('heading', { name: '#payments-guardduty' }).waitFor();
      await page.getByText('セッションを無効化し').waitFor();
      await page.getByText('Below the floor CRITICAL').waitFor();
    });

    it('take the event of a finding', async () => {
      const page = await open('/routes');

      await page.getByRole('button', { name: /Take the event of a finding/ }).click();
      await page
        .getByRole('option', { name: /Bitcoin pool/ })
        .first()
        .click();

      await expect
        .poll(() => page.getByRole('textbox', { name: 'Event' }).inputValue())
        .toContain('"GuardDuty Finding"');
    });
  });

  it('sends parked deliveries again', async () => {
    const page = await open('/delivery');
    const parked = page.getByRole('table', { name: 'Parked deliveries' });

    await parked.getByRole('checkbox', { name: 'Select all on this page' }).check();
    await page.getByRole('button', { name: 'Send again' }).first().click();

    await page.getByText('2 deliveries will be sent again now').waitFor();
    await parked.waitFor({ state: 'detached' });
    expect(posts()).toHaveLength(2);
  });
});
