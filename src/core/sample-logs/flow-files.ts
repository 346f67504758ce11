import { networks } from '#core/sample-organization/cast-instances.ts';
import { FLOW_REGION, flowLogIdOf } from './flow-interfaces.ts';
import { FLOW_HEADER } from './flow-line.ts';
import { ordinaryFlows } from './flow-ordinary.ts';
import { flowStory } from './flow-story.ts';
import { hexText } from './id-text.ts';
import { type Lane, laneJobs } from './lane.ts';
import type { LogWorld } from './log-world.ts';
import { rhythms } from './rhythm.ts';
import type { FileJob } from './sample-log-file.ts';
import { sampleLogTotals } from './sample-log-totals.ts';
import { dayPath, minuteStamp } from './time-text.ts';

const WEIGHTS: Readonly<Record<string, number>> = {
  'payments-prod-main': 22,
  'storefront-prod-main': 32,
  'data-prod-main': 14,
  'storefront-stg-main': 9,
};

/** VPC flow logs of every network, as AWS delivers them to Amazon S3. */
export function flowFiles(world: LogWorld): FileJob[] {
  const story = Map.groupBy(flowStory(world), ({ account }) => account);
  const lanes = networks.map(({ account, vpc }): Lane => {
    const random = world.random(`flow-files|${account}`);
    return {
      from: world.networkStart(account),
      until: world.end,
      weight: WEIGHTS[vpc.name] ?? 5,
      hoursPerFile: 12,
      rhythm: rhythms.machines,
      story: story.get(account) ?? [],
      random,
      ordinary: () => ordinaryFlows(world, account),
      file: ({ until, lines }) => {
        const name = `${account}_vpcflowlogs_${FLOW_REGION}_${flowLogIdOf(account)}_${minuteStamp(until)}_${hexText(random, 8)}.log.gz`;
        return {
          key: `AWSLogs/${account}/vpcflowlogs/${FLOW_REGION}/${dayPath(until)}/${name}`,
          content: `${FLOW_HEADER}\n${lines.join('\n')}\n`,
          gzip: true,
        };
      },
    };
  });
  return laneJobs('vpc-flow', Math.round(sampleLogTotals['vpc-flow'] * world.scale), lanes);
}
