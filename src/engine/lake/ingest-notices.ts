import type { ObjectRef } from '#core/lake/object-notice.ts';
import { type IngestPorts, ingestObjects } from '#engine/lake/ingest-objects.ts';
import type { Clock } from '#ports/clock.ts';
import type { HeldNotice, ObjectNotices } from '#ports/object-notices.ts';
import type { ObjectInfo } from '#ports/object-store.ts';

export interface NoticeOptions {
  readonly jobs: number;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** Ingests the objects that notices name; a notice is done when all its objects are in the lake, else it comes again. */
export async function ingestNotices(notices: ObjectNotices, ports: IngestPorts, options: NoticeOptions): Promise<void> {
  for await (const notice of notices.take(options.signal)) await ingestNotice(notice, ports, options);
}

/** Ingests what one notice names; true where all of it is in the lake. */
export async function ingestNotice(notice: HeldNotice, ports: IngestPorts, options: NoticeOptions): Promise<boolean> {
  try {
    const { failed } = await ingestObjects(infosOf(notice.objects, options.clock), ports, {
      jobs: options.jobs,
      again: false,
    });
    // An object that is gone stays gone: waiting for it would fill the dead-letter queue.
    const lost = failed.filter(({ code }) => code !== 'object.gone');
    if (lost.length === 0) await notice.done();
    else await notice.failed();
    return failed.length === 0;
  } catch (thrown) {
    await notice.failed();
    throw thrown;
  }
}

async function* infosOf(objects: readonly ObjectRef[], clock: Clock): AsyncGenerator<ObjectInfo> {
  for (const { bucket, key, size, etag } of objects) {
    const uri = `s3://${bucket}/${key}`;
    yield { uri, key, size: size ?? 0, etag: etag?.replaceAll('"', '') ?? '', modifiedAt: clock.now() };
  }
}
