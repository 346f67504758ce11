import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const root = resolve(import.meta.dirname, '../..');

export const CONSOLE_DIR = join(root, 'console/dist');
/** The Chromium of the system, undefined where there is none. */
export const CHROMIUM = [process.env['YAGURA_CHROMIUM'], '/usr/bin/chromium'].find(
  (path): path is string => path !== undefined && existsSync(path),
);

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Says loudly that browser tests do not run, where there is no browser to run them in. */
export function sayWhenThereIsNoBrowser(): void {
  if (CHROMIUM !== undefined) return;
  console.warn(
    '\n******** SKIPPED: no Chromium. Install it or set YAGURA_CHROMIUM; the console is NOT tested. ********\n',
  );
}

/** Builds the console unless it is fresh. */
export async function buildConsole(): Promise<void> {
  const script = join(root, 'scripts/build-console.ts');
  // The test runner's NODE_ENV would make a development build.
  const { NODE_ENV: _, ...environment } = process.env;
  await promisify(execFile)(process.execPath, [script], { cwd: root, env: environment });
}

/** Starts the system's Chromium. */
export async function startBrowser(): Promise<Browser> {
  if (CHROMIUM === undefined) throw new Error('There is no Chromium.');
  return await chromium.launch({ executablePath: CHROMIUM, headless: true, args: FLAGS });
}

export type ConsolePage = {
  readonly page: Page;
  /** What the browser complained of: errors, refused scripts and styles, requests to elsewhere. */
  readonly complaints: string[];
  close(): Promise<void>;
};

/** Opens a page of the console in a fresh profile. */
export async function openConsole(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<ConsolePage> {
  const context = await browser.newContext({ locale: 'en-US', timezoneId: 'Asia/Tokyo', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  const origin = new URL(url).origin;
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // A refused connection is what some tests are about; the browser logs it by itself.
    const isRefusal = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isRefusal) complaints.push(`console: ${message.text().slice(0, 300)}`);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(origin)) complaints.push(`request elsewhere: ${request.url().slice(0, 200)}`);
  });
  await page.goto(url);
  return { page, complaints, close: () => context.close() };
}

/** How far the page is wider than its window. */
export async function overflowOf(page: Page): Promise<number> {
  return await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

/** Controls a screen reader would read without a name. */
export async function namelessControls(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  const controls = new Set(['button', 'link', 'textbox', 'searchbox', 'combobox', 'checkbox', 'radio', 'tab', 'image']);
  return nodes
    .filter((node) => !node.ignored && controls.has(String(node.role?.value)))
    .filter((node) => String(node.name?.value ?? '').trim() === '')
    .map((node) => `${node.role?.value} ${node.nodeId}`);
}

/** Milliseconds of script and layout that an action costs the page. */
export async function workOf(page: Page, action: () => Promise<void>): Promise<{ script: number; layout: number }> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const read = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    const seconds = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
    return { script: seconds('ScriptDuration'), layout: seconds('LayoutDuration') + seconds('RecalcStyleDuration') };
  };
  const before = await read();
  await action();
  const after = await read();
  await session.detach();
  return { script: (after.script - before.script) * 1_000, layout: (after.layout - before.layout) * 1_000 };
}
