import { Stack } from 'aws-cdk-lib';
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

/** Where alarms go: one topic a Region, with the address of `alarmEmail` when there is one. */
export class AlarmTopic extends Construct {
  readonly action: IAlarmAction;

  constructor(scope: Construct, options: { alarmEmail: string | undefined }) {
    super(scope, 'AlarmTopic');
    // No KMS key: CloudWatch may not use the AWS managed key aws/sns, so its alarms would silently go nowhere, and a
    // customer managed key costs 1 USD a month. An alarm names a queue or a function, never a finding.
    const topic = new Topic(this, 'Topic', { displayName: 'Yagura alarms', enforceSSL: true });
    // A topic with a policy of its own loses the default one that lets the account's alarms publish.
    topic.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    if (options.alarmEmail !== undefined) topic.addSubscription(new EmailSubscription(options.alarmEmail));
    this.action = new SnsAction(topic);
  }
}
