import { Duration } from 'aws-cdk-lib';
import { CfnEventBusPolicy, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { DeploymentSettings } from '../deployment-settings.ts';
import { accountSources, findingRules, forwardedSources, healthRule } from '../event-patterns.ts';
import { busName } from '../hub-names.ts';
import type { GuardedQueue } from './hub-queues.ts';

type IntakeOptions = {
  readonly settings: DeploymentSettings;
  readonly intake: GuardedQueue;
  readonly directoryRefresh: LambdaFunction;
};

/**
 * How events come into the intake queue: the home Region's own go straight from the default bus, those of other Regions and
 * of the management account over the hub's bus. The hub's bus has no rule that sends to a bus, so nothing goes round.
 */
export class EventIntake extends Construct {
  readonly bus: EventBus;

  constructor(scope: Construct, options: IntakeOptions) {
    super(scope, 'EventIntake');
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: busName,
      description: 'Security events of all governed Regions and of the management account',
    });
    allowOrganization(this, this.bus, options.settings);
    const target = new SqsQueue(options.intake.queue, { deadLetterQueue: options.intake.deadLetters });
    for (const { name, description, pattern } of [...findingRules, healthRule])
      new Rule(this, name, { ruleName: `yagura-${name}`, description, eventPattern: pattern, targets: [target] });
    new Rule(this, 'Forwarded', {
      ruleName: 'yagura-forwarded',
      description: 'Everything that was forwarded goes to the intake queue',
      eventBus: this.bus,
      eventPattern: { source: forwardedSources },
      targets: [target],
    });
    new Rule(this, 'Accounts', {
      ruleName: 'yagura-accounts',
      description: 'Accounts come, move or leave: read the directory again',
      eventBus: this.bus,
      eventPattern: { source: accountSources },
      // Without a dead-letter queue: the hourly run does the same work.
      targets: [new LambdaTarget(options.directoryRefresh, { maxEventAge: Duration.hours(1), retryAttempts: 3 })],
    });
  }
}

// Within the organization only the two accounts that forward: a member account must not be able to invent findings.
function allowOrganization(scope: Construct, bus: EventBus, settings: DeploymentSettings): void {
  new CfnEventBusPolicy(scope, 'BusPolicy', {
    eventBusName: bus.eventBusName,
    statementId: 'forwarding-accounts-of-the-organization',
    statement: {
      Effect: 'Allow',
      Principal: '*',
      Action: 'events:PutEvents',
      Resource: bus.eventBusArn,
      Condition: {
        StringEquals: {
          'aws:PrincipalOrgID': settings.organizationId,
          'aws:PrincipalAccount': [...new Set([settings.hubAccount, settings.managementAccount])],
        },
      },
    },
  });
}
