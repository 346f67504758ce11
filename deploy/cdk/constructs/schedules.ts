import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

/** A function and how often it runs. */
export type ScheduledRun = { readonly name: string; readonly every: Duration; readonly run: LambdaFunction };

/**
 * Scheduled rules and not EventBridge Scheduler: they cost nothing, Scheduler charges each invocation beyond its allowance.
 * A run that fails is not repeated, because the next one does its work.
 */
export class Schedules extends Construct {
  constructor(scope: Construct, runs: readonly ScheduledRun[]) {
    super(scope, 'Schedules');
    for (const { name, every, run } of runs) {
      new Rule(this, name, {
        ruleName: `yagura-${name}-schedule`,
        description: `Runs yagura-${name} every ${every.toHumanString()}`,
        schedule: Schedule.rate(every),
        targets: [new LambdaTarget(run, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
      });
      // Lambda's own queue would keep a throttled run for hours and start a crowd of them.
      run.configureAsyncInvoke({
        retryAttempts: 0,
        maxEventAge: every.toMinutes() > 1 ? Duration.minutes(5) : Duration.minutes(1),
      });
    }
  }
}
