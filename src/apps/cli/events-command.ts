import { Command } from 'commander';
import { readEventFiles } from '#apps/cli/event-files.ts';
import { Exit } from '#apps/cli/exit.ts';
import type { Terminal } from '#apps/cli/output.ts';
import { messageOf, YaguraError } from '#core/errors/yagura-error.ts';

const PART = 1_000;

/** yagura events push */
export function eventsCommand(terminal: Terminal): Command {
  const push = new Command('push')
    .description('Send event files to a running yagura.')
    .argument('<files...>', 'EventBridge events: one envelope, a JSON array or JSON lines; gzip allowed')
    .option('--url <url>', 'address of the running yagura', 'http://127.0.0.1:8484')
    .addHelpText(
      'after',
      '\nExample:\n  yagura events push findings.jsonl --url http://127.0.0.1:8484\n\nThe token, where one is needed, comes from YAGURA_EVENTS_TOKEN.\n',
    )
    .action(async (files: string[], options: { url: string }) => {
      const { events, failures } = readEventFiles(files, terminal);
      let accepted = 0;
      for (let start = 0; start < events.length; start += PART) {
        await send(
          options.url,
          events.slice(start, start + PART).map((event) => event.raw),
          terminal,
        );
        accepted += Math.min(PART, events.length - start);
        terminal.err(`\r${accepted} of ${events.length} events accepted`);
      }
      terminal.err('\n');
      if (failures > 0) throw new Exit(1);
    });
  return new Command('events').description('Events from AWS.').addCommand(push);
}

async function send(url: string, lines: readonly string[], terminal: Terminal): Promise<void> {
  const token = terminal.env['YAGURA_EVENTS_TOKEN'];
  let response: Response;
  try {
    response = await fetch(new URL('/events', url), {
      method: 'POST',
      body: `[${lines.join(',')}]`,
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
    });
  } catch (cause) {
    throw new YaguraError(
      'queue.unavailable',
      `Cannot reach ${url}: ${messageOf(cause)}. Is yagura running? Start it with: yagura up`,
      { cause },
    );
  }
  if (response.status !== 202)
    throw new YaguraError(
      'input.invalid',
      `${url} answered ${response.status}: ${(await response.text()).slice(0, 500)}`,
    );
}
