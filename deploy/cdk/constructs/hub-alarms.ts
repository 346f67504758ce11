import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IAlarmAction, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { metricNamespace, parkedMetricName } from '../hub-names.ts';
import type { HubQueues } from './hub-queues.ts';

/** One alarm as plain data: it goes off when `metric` is above `above` for `periods` periods. */
type AlarmEntry = {
  readonly name: string;
  readonly metric: Metric;
  readonly above: number;
  readonly periods: number;
  readonly description: string;
};

const fiveMinutes = Duration.minutes(5);

/** Raises when someone has to look; each costs 0.10 USD a month, so one alarm covers what one look would find. */
export class HubAlarms extends Construct {
  constructor(scope: Construct, options: { queues: HubQueues; action: IAlarmAction }) {
    super(scope, 'Alarms');
    for (const entry of alarmsOf(options.queues)) addAlarm(this, entry, options.action);
  }
}

/** One alarm on a queue that should be empty, also for the forwarding stacks. */
export function deadLetterAlarm(name: string, metric: Metric, description: string): AlarmEntry {
  return { name, metric, above: 0, periods: 1, description };
}

/** Makes the alarm and connects it. */
export function addAlarm(scope: Construct, entry: AlarmEntry, action: IAlarmAction): void {
  const alarm = new Alarm(scope, entry.name, {
    alarmName: `yagura-${entry.name}`,
    alarmDescription: entry.description,
    metric: entry.metric,
    threshold: entry.above,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: entry.periods,
    // Metrics of idle queues and functions pause; silence is no trouble here.
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  alarm.addAlarmAction(action);
}

function alarmsOf(queues: HubQueues): AlarmEntry[] {
  return [
    deadLetterAlarm(
      'intake-dead-letters',
      queues.intake.deadLetters.metricApproximateNumberOfMessagesVisible({ period: fiveMinutes, statistic: 'Maximum' }),
      'Events could not be processed five times. Read the log of yagura-router, repair, then move them back (deployment guide, "Dead letters").',
    ),
    deadLetterAlarm(
      'delivery-dead-letters',
      queues.delivery.deadLetters.metricApproximateNumberOfMessagesVisible({
        period: fiveMinutes,
        statistic: 'Maximum',
      }),
      'The delivery function failed ten times for a destination. Read the log of yagura-delivery; the messages themselves are safe in the outbox.',
    ),
    ...(queues.slack === undefined
      ? []
      : [
          deadLetterAlarm(
            'slack-dead-letters',
            queues.slack.deadLetters.metricApproximateNumberOfMessagesVisible({
              period: fiveMinutes,
              statistic: 'Maximum',
            }),
            'What a button asked for failed three times. Read the log of yagura-slack-worker.',
          ),
        ]),
    {
      name: 'function-errors',
      metric: lambdaMetric('Errors'),
      above: 0,
      periods: 1,
      description: 'A Lambda function (router, delivery, sweeper, …) failed. The dashboard shows which; read its log.',
    },
    {
      name: 'function-throttles',
      metric: lambdaMetric('Throttles'),
      above: 0,
      periods: 3,
      description:
        "Lambda refused to run functions: the account's concurrency limit is used up. Ask for a higher limit.",
    },
    {
      name: 'delivery-age',
      metric: queues.delivery.queue.metricApproximateAgeOfOldestMessage({ period: fiveMinutes, statistic: 'Maximum' }),
      above: Duration.minutes(15).toSeconds(),
      periods: 2,
      description:
        'Messages wait for more than 15 minutes. Slack may be down or a token revoked: read the log of yagura-delivery.',
    },
    {
      name: 'parked-deliveries',
      metric: parkedMetric(),
      above: 0,
      periods: 1,
      description:
        'Messages were given up after many tries (deleted channel, revoked token). Repair the destination, then `yagura deliveries retry`.',
    },
  ];
}

/** Printed by the sweeper only while something is parked: a custom metric costs for the hours it is sent in. */
export function parkedMetric(): Metric {
  return new Metric({
    namespace: metricNamespace,
    metricName: parkedMetricName,
    period: fiveMinutes,
    statistic: 'Maximum',
  });
}

// Without a dimension it is the sum over all functions of the account in this Region, for the price of one metric.
function lambdaMetric(metricName: string): Metric {
  return new Metric({ namespace: 'AWS/Lambda', metricName, period: fiveMinutes, statistic: 'Sum' });
}
