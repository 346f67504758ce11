import { Duration } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IWidget, type Metric, SingleValueWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { parkedMetric } from './hub-alarms.ts';
import type { GuardedQueue, HubQueues } from './hub-queues.ts';

type DashboardContent = {
  readonly queues: HubQueues;
  readonly table: Table;
  readonly functions: ReadonlyMap<string, LambdaFunction>;
};

const period = Duration.minutes(5);
const half = { width: 12, height: 6 };

/** One page: what came in, what went out, what waits, what failed. */
export function createDashboard(scope: Construct, content: DashboardContent): Dashboard {
  return new Dashboard(scope, 'Dashboard', {
    dashboardName: 'Yagura',
    defaultInterval: Duration.days(1),
    widgets: [...queueRows(content.queues), ...functionRows(content.functions), [tableWidget(content.table)]],
  });
}

function queueRows(queues: HubQueues): IWidget[][] {
  const all: [string, GuardedQueue][] = [
    ['intake', queues.intake],
    ['delivery', queues.delivery],
    ...(queues.slack === undefined ? [] : [['slack', queues.slack] satisfies [string, GuardedQueue]]),
  ];
  const deadLetters = all.map(([label, { deadLetters }]) =>
    deadLetters.metricApproximateNumberOfMessagesVisible({
      label: `${label} dead letters`,
      period,
      statistic: 'Maximum',
    }),
  );
  return [
    [
      new SingleValueWidget({
        title: 'Has to be zero',
        width: 24,
        height: 4,
        metrics: [...deadLetters, parkedMetric().with({ label: 'parked deliveries' })],
      }),
    ],
    [
      new GraphWidget({
        ...half,
        title: 'Received and waiting',
        left: all.flatMap(([label, { queue }]) => [
          queue.metricNumberOfMessagesSent({ label: `${label} received`, period }),
          queue.metricApproximateNumberOfMessagesVisible({ label: `${label} waiting`, period, statistic: 'Maximum' }),
        ]),
      }),
      new GraphWidget({
        ...half,
        title: 'Age of the oldest message (seconds)',
        left: all.map(([label, { queue }]) =>
          queue.metricApproximateAgeOfOldestMessage({ label, period, statistic: 'Maximum' }),
        ),
      }),
    ],
  ];
}

function functionRows(functions: ReadonlyMap<string, LambdaFunction>): IWidget[][] {
  const each = (metric: (run: LambdaFunction, label: string) => Metric): Metric[] =>
    [...functions].map(([label, run]) => metric(run, label));
  return [
    [
      new GraphWidget({ ...half, title: 'Errors', left: each((run, label) => run.metricErrors({ label, period })) }),
      new GraphWidget({
        ...half,
        title: 'Duration, p99 (ms)',
        left: each((run, label) => run.metricDuration({ label, period, statistic: 'p99' })),
      }),
    ],
  ];
}

function tableWidget(table: Table): IWidget {
  return new GraphWidget({
    title: 'Table: consumed and throttled',
    width: 24,
    height: 6,
    left: [
      table.metricConsumedReadCapacityUnits({ label: 'read', period }),
      table.metricConsumedWriteCapacityUnits({ label: 'written', period }),
    ],
    right: [
      table.metric('ReadThrottleEvents', { label: 'reads throttled', period, statistic: 'Sum' }),
      table.metric('WriteThrottleEvents', { label: 'writes throttled', period, statistic: 'Sum' }),
    ],
  });
}
