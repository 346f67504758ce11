import { Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { readEventFiles } from '#apps/cli/event-files.ts';
import { Exit } from '#apps/cli/exit.ts';
import type { Terminal } from '#apps/cli/output.ts';
import { messageOf, YaguraError } from '#core/errors/yagura-error.ts';

/** Yagura takes bodies of up to 64 MB and answers when they are written. */
const PART_EVENTS = 1_000;
const PART_LENGTH = 8 * 1024 * 1024;

/** yagura events push */
export function eventsCommand(terminal: Terminal): Command {
  const push = new Command('push')
    .description('Send event files to a running yagura.')
    .argument('<files...>', 'EventBridge events: one envelope, a JSON array or JSON lines; gzip allowed')
    .option('--url <url>', 'address of the running yagura', webAddress, 'http://127.0.0.1:8484')
    .addHelpText(
      'after',
      '\nExample:\n  yagura events push findings.jsonl --url http://127.0.0.1:8484\n\nThe token, where one is needed, comes from YAGURA_EVENTS_TOKEN.\n',
    )
    .action(async (files: string[], options: { url: string }) => {
      const { events, failures } = readEventFiles(files, terminal);
      let accepted = 0;
      const kept = { unknown: 0, notUnderstood: 0 };
      for (const part of partsOf(events.map((event) => event.raw))) {
        const answer = await send(options.url, part, terminal);
        kept.unknown += answer.unknown;
        kept.notUnderstood += answer.notUnderstood;
        accepted += part.length;
        terminal.err(`\r${accepted} of ${events.length} events accepted`);
      }
      terminal.err(events.length === 0 ? 'No events to send.\n' : '\n');
      if (kept.unknown + kept.notUnderstood > 0)
        terminal.err(
          `${kept.notUnderstood} not understood and ${kept.unknown} of an unknown kind: kept, see Delivery.\n`,
        );
      if (failures > 0) throw new Exit(1);
      if (kept.notUnderstood > 0) throw new Exit(3);
    });
  return new Command('events').description('Events from AWS.').addCommand(push);
}

function webAddress(text: string): string {
  if (URL.canParse(text) && /^https?:/i.test(text)) return text;
  throw new InvalidArgumentError('Write it like http://127.0.0.1:8484.');
}

function* partsOf(lines: readonly string[]): Generator<string[]> {
  let part: string[] = [];
  let length = 0;
  for (const line of lines) {
    if (part.length > 0 && (part.length === PART_EVENTS || length + line.length > PART_LENGTH)) {
      yield part;
      [part, length] = [[], 0];
    }
    part.push(line);
    length += line.length;
  }
  if (part.length > 0) yield part;
}

const answered = z.object({ unknown: z.number().default(0), notUnderstood: z.number().default(0) });

async function send(url: string, lines: readonly string[], terminal: Terminal): Promise<z.infer<typeof answered>> {
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
  return answered.parse(await response.json());
}
