import { Duration } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { EventBus as EventBusTarget } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { EventRule } from '../event-patterns.ts';
import { acknowledge } from '../nag.ts';

/** Rules on this account's default bus that send to the hub's bus; what cannot be delivered in a day waits here for two weeks. */
export class EventForwarding extends Construct {
  readonly undelivered: Queue;

  constructor(scope: Construct, options: { rules: readonly EventRule[]; hubBusArn: string }) {
    super(scope, 'Forwarding');
    this.undelivered = new Queue(this, 'Undelivered', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    acknowledge(this.undelivered, 'AwsSolutions-SQS3', 'This queue is the dead-letter queue of the forwarding rules.');
    // Each target adds that this role may put events on the hub's bus, and nothing else.
    const role = new Role(this, 'Role', {
      description: 'EventBridge sends security events to the Yagura hub',
      assumedBy: new ServicePrincipal('events.amazonaws.com'),
    });
    const bus = EventBus.fromEventBusArn(this, 'HubBus', options.hubBusArn);
    for (const { name, description, pattern } of options.rules)
      new Rule(this, name, {
        ruleName: `yagura-${name}`,
        description,
        eventPattern: pattern,
        targets: [new EventBusTarget(bus, { role, deadLetterQueue: this.undelivered })],
      });
  }
}
