import { mkdirSync, rmSync } from 'node:fs';
import type { Logger } from 'pino';
import { createLocalObjects } from '#adapters/local-objects/local-objects.ts';
import { listenSyslog, type SyslogListener } from '#adapters/syslog/listen.ts';
import type { OpenLake } from '#apps/lake/open-lake.ts';
import { sampleLogObjects } from '#apps/lake/sample-logs.ts';
import { messageOf } from '#core/errors/yagura-error.ts';
import { ingestNotices } from '#engine/lake/ingest-notices.ts';
import { type IngestSummary, ingestObjects } from '#engine/lake/ingest-objects.ts';
import type { Clock, Sleeper } from '#ports/clock.ts';
import type { ObjectNotices } from '#ports/object-notices.ts';
import type { ObjectInfo, ObjectStore } from '#ports/object-store.ts';

export interface CollectSettings {
  readonly lake: OpenLake;
  /** Watched folder: log files that somebody puts here are ingested and stay. */
  readonly folder: string;
  /** The spool of the syslog listener, which listens where an address is given. */
  readonly spool: string;
  readonly syslog: { readonly udp?: SyslogAddress; readonly tcp?: SyslogAddress };
  /** Notices of new objects, and the store they are in. */
  readonly queue?: { readonly notices: ObjectNotices; readonly objects: ObjectStore };
  /** Ingests the logs of the sample organization first: its folder and last moment. */
  readonly sample?: { readonly folder: string; readonly end: number };
  readonly jobs: number;
  readonly clock: Clock;
  readonly sleeper: Sleeper;
  readonly signal: AbortSignal;
  readonly log: Logger;
}

export interface SyslogAddress {
  readonly host: string;
  readonly port: number;
}

const lookEveryMs = 5_000;
/** A file that was written to just now may not be whole yet. */
const restMs = 3_000;

/** Collects logs into the lake until the signal: the sample, a watched folder, syslog, and queues of S3 notifications. */
export async function collect(settings: CollectSettings): Promise<void> {
  if (settings.sample !== undefined) await collectSample(settings.sample, settings);
  const listener = await startSyslog(settings);
  try {
    await Promise.all([
      watchFolder(settings),
      ...(settings.queue === undefined ? [] : [collectNotices(settings.queue, settings)]),
    ]);
  } finally {
    await listener?.stop();
  }
}

async function collectSample(
  sample: { readonly folder: string; readonly end: number },
  settings: CollectSettings,
): Promise<void> {
  const objects = sampleLogObjects(sample.folder, sample.end);
  const summary = await ingest(objects.list(''), objects, settings);
  settings.log.info(countsOf(summary), 'the logs of the sample organization are in the lake');
}

async function watchFolder(settings: CollectSettings): Promise<void> {
  mkdirSync(settings.folder, { recursive: true });
  const objects = createLocalObjects({ skipped: () => undefined });
  while (!settings.signal.aborted) {
    try {
      const summary = await ingest(atRest(objects.list(settings.folder), settings.clock), objects, settings);
      if (summary.objects > 0) settings.log.info(countsOf(summary), 'log files ingested');
      for (const failure of summary.failed) settings.log.warn(failure, 'a log file could not be read, trying again');
    } catch (thrown) {
      settings.log.error(
        { err: thrown },
        `the folder of logs could not be ingested, trying again: ${messageOf(thrown)}`,
      );
    }
    await settings.sleeper.sleep(lookEveryMs, settings.signal);
  }
}

async function* atRest(list: AsyncIterable<ObjectInfo>, clock: Clock): AsyncGenerator<ObjectInfo> {
  for await (const info of list) if (info.modifiedAt < clock.now() - restMs) yield info;
}

async function startSyslog(settings: CollectSettings): Promise<SyslogListener | undefined> {
  const { udp, tcp } = settings.syslog;
  if (udp === undefined && tcp === undefined) return undefined;
  const objects = createLocalObjects({ skipped: () => undefined });
  return listenSyslog({
    ...(udp === undefined ? {} : { udp }),
    ...(tcp === undefined ? {} : { tcp }),
    spool: settings.spool,
    clock: settings.clock,
    onFile: async (path) => {
      const { failed } = await ingest(objects.list(path), objects, settings);
      if (failed.length > 0) throw new Error(failed[0]?.message);
      rmSync(path, { force: true });
    },
  });
}

async function collectNotices(queue: NonNullable<CollectSettings['queue']>, settings: CollectSettings): Promise<void> {
  await ingestNotices(
    queue.notices,
    { ...settings.lake, objects: queue.objects },
    { jobs: settings.jobs, signal: settings.signal, clock: settings.clock },
  );
}

function ingest(
  list: AsyncIterable<ObjectInfo>,
  objects: ObjectStore,
  settings: CollectSettings,
): Promise<IngestSummary> {
  const { loader, manifest } = settings.lake;
  return ingestObjects(
    list,
    { objects, loader, manifest },
    { jobs: settings.jobs, again: false, signal: settings.signal },
  );
}

function countsOf({ failed, ...counts }: IngestSummary): Readonly<Record<string, number>> {
  return { ...counts, failed: failed.length };
}
