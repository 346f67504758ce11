import { HOUR } from '#core/sample-organization/calendar.ts';
import { resourceOf } from '#core/sample-organization/cast-resources.ts';
import { stableHex } from '#core/sample-organization/random.ts';
import { auditStory, ordinaryAudit } from './eks-audit-events.ts';
import { uuidText } from './id-text.ts';
import { laneJobs } from './lane.ts';
import type { LogWorld } from './log-world.ts';
import { rhythms } from './rhythm.ts';
import type { FileJob } from './sample-log-file.ts';
import { sampleLogTotals } from './sample-log-totals.ts';
import { dashedStamp, dayPath } from './time-text.ts';

/** Audit events in one message of CloudWatch Logs. */
const EVENTS_PER_MESSAGE = 40;
const STREAM = 'example-eks-audit-to-s3';

/** Kubernetes audit logs, from CloudWatch Logs through Firehose to Amazon S3. */
export function eksAuditFiles(world: LogWorld): FileJob[] {
  const cluster = resourceOf('eks/storefront-eks');
  const random = world.random('eks-audit-files');
  const lane = {
    from: world.start,
    until: world.end,
    weight: 1,
    hoursPerFile: 12,
    rhythm: rhythms.machines,
    story: auditStory(world),
    random,
    ordinary: () => ordinaryAudit(world),
    file: ({ until, lines }: { readonly until: number; readonly lines: readonly string[] }) => {
      const hour = new Date(until - HOUR).toISOString().slice(11, 13);
      return {
        key: `eks-audit/${dayPath(until - HOUR)}/${hour}/${STREAM}-1-${dashedStamp(until)}-${uuidText(random)}.gz`,
        content: messages(cluster.account, cluster.name, lines),
        gzip: true,
      };
    },
  };
  return laneJobs('eks-audit', Math.round(sampleLogTotals['eks-audit'] * world.scale), [lane]);
}

/** Messages as Firehose puts them into one object: one after another, with nothing between them. */
function messages(account: string, cluster: string, events: readonly string[]): string {
  const stream = `kube-apiserver-audit-${stableHex(`eks-stream|${cluster}`, 32)}`;
  const head = `{"messageType":"DATA_MESSAGE","owner":"${account}","logGroup":"/aws/eks/${cluster}/cluster","logStream":"${stream}","subscriptionFilters":["${STREAM}"],"logEvents":[`;
  let text = '';
  for (let first = 0; first < events.length; first += EVENTS_PER_MESSAGE) {
    text += `${head}${events.slice(first, first + EVENTS_PER_MESSAGE).join(',')}]}`;
  }
  return text;
}
