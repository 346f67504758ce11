import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { AlarmTopic } from '../constructs/alarm-topic.ts';
import { EventForwarding } from '../constructs/event-forwarding.ts';
import { addAlarm, deadLetterAlarm } from '../constructs/hub-alarms.ts';
import type { DeploymentSettings } from '../deployment-settings.ts';
import { findingRules, healthRule } from '../event-patterns.ts';
import { hubBusArn } from '../hub-names.ts';

/** A governed Region other than the home Region: its findings and Health events go to the hub's bus. */
export class RegionStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps & { settings: DeploymentSettings }) {
    super(scope, id, props);
    const { settings } = props;
    const forwarding = new EventForwarding(this, {
      rules: [...findingRules, healthRule],
      hubBusArn: hubBusArn(settings),
    });
    const alarms = new AlarmTopic(this, settings);
    const undelivered = forwarding.undelivered.metricApproximateNumberOfMessagesVisible({
      period: Duration.minutes(5),
      statistic: 'Maximum',
    });
    addAlarm(
      this,
      deadLetterAlarm(
        'undelivered-events',
        undelivered,
        `Events of this Region could not be sent to ${settings.homeRegion} for a day. They wait in this queue for 14 days (deployment guide, "Dead letters").`,
      ),
      alarms.action,
    );
  }
}
