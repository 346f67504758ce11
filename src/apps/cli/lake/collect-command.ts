import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import type { Logger } from 'pino';
import { createLogger } from '#adapters/logger/logger.ts';
import { createRedactor } from '#adapters/logger/redactor.ts';
import { createSystemClock } from '#adapters/system/clock.ts';
import { createSystemSleeper } from '#adapters/system/sleeper.ts';
import { homeRegion } from '#apps/cli/lake/lake-folder.ts';
import { wholeNumber, withData } from '#apps/cli/options.ts';
import type { Terminal } from '#apps/cli/output.ts';
import { type CollectSettings, collect, type SyslogAddress } from '#apps/lake/collect.ts';
import { openLake } from '#apps/lake/open-lake.ts';

interface CollectOptions {
  readonly data: string;
  readonly folder?: string;
  readonly queue?: string;
  readonly syslogUdp?: SyslogAddress;
  readonly syslogTcp?: SyslogAddress;
  readonly sampleEnd?: number;
  readonly jobs: number;
}

/** yagura lake collect */
export function collectCommand(terminal: Terminal): Command {
  return withData(new Command('collect'))
    .description(
      'Collect logs into the lake until it is stopped: a watched folder, syslog, a queue of S3 notifications.',
    )
    .option('--folder <dir>', 'folder of log files to watch (default: DATA/logs)')
    .option('--queue <url>', 'SQS queue of S3 notifications')
    .option('--syslog-udp <address>', 'listen for syslog, e.g. 127.0.0.1:5514', address)
    .option('--syslog-tcp <address>', 'listen for syslog, e.g. 127.0.0.1:5514', address)
    .option('--sample-end <ms>', 'first ingest the logs of the sample organization up to this moment', wholeMs)
    .option('--jobs <n>', 'objects worked on at once', wholeNumber(1, 64), 2)
    .addHelpText(
      'after',
      '\nExample:\n  yagura lake collect --data ./.yagura --syslog-udp 0.0.0.0:5514 --syslog-tcp 0.0.0.0:5514\n',
    )
    .action((options: CollectOptions) => runCollect(options, terminal));
}

async function runCollect(options: CollectOptions, terminal: Terminal): Promise<void> {
  const dataDir = resolve(terminal.cwd, options.data);
  const lake = await openLake({ dataDir, region: homeRegion(terminal) });
  const log = createLogger({ level: 'info', redactor: createRedactor() });
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort());
  try {
    await collect({
      lake,
      folder: resolve(terminal.cwd, options.folder ?? join(dataDir, 'logs')),
      spool: join(dataDir, 'syslog'),
      syslog: {
        ...(options.syslogUdp === undefined ? {} : { udp: options.syslogUdp }),
        ...(options.syslogTcp === undefined ? {} : { tcp: options.syslogTcp }),
      },
      ...(options.queue === undefined ? {} : { queue: await openQueue(options.queue, log) }),
      ...(options.sampleEnd === undefined
        ? {}
        : { sample: { folder: join(dataDir, 'sample-logs'), end: options.sampleEnd } }),
      jobs: options.jobs,
      clock: createSystemClock(),
      sleeper: createSystemSleeper(),
      signal: stop.signal,
      log,
    });
  } finally {
    lake.close();
  }
}

/** The SDK is loaded only where it is needed: everything else starts faster. */
async function openQueue(queueUrl: string, log: Logger): Promise<NonNullable<CollectSettings['queue']>> {
  const { createSqsObjectNotices } = await import('#adapters/sqs/object-notices.ts');
  const { createS3Objects } = await import('#adapters/s3-objects/s3-objects.ts');
  const sleeper = createSystemSleeper();
  return {
    notices: createSqsObjectNotices({
      queueUrl,
      sleeper,
      report: (report) => log.warn(report, 'a notice of the queue'),
    }),
    objects: createS3Objects({ sleeper }),
  };
}

function address(text: string): SyslogAddress {
  const found = /^(?:\[([0-9A-Fa-f:]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const port = Number(found?.[3]);
  if (found === null || port > 65_535) throw new InvalidArgumentError('Write it like 127.0.0.1:5514.');
  return { host: found[1] ?? found[2] ?? '', port };
}

function wholeMs(text: string): number {
  if (/^\d{12,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Write milliseconds since 1970.');
}
