import { join } from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { DeploymentSettings } from '../deployment-settings.ts';
import type { HubFunction } from '../hub-functions.ts';
import { functionRoleName, managementRoleArn, metricNamespace } from '../hub-names.ts';
import { type HubResources, statementsOf } from './function-grants.ts';

/** What every function of the hub is made with. */
export type FunctionSurroundings = {
  readonly hub: HubResources;
  readonly settings: DeploymentSettings;
  /** Folder with one bundle per function. */
  readonly lambdaFolder: string;
};

/** One Lambda function with its own role and its own log group. */
export function createHubFunction(scope: Construct, entry: HubFunction, around: FunctionSurroundings): LambdaFunction {
  const { settings } = around;
  const logGroup = new LogGroup(scope, `${entry.name}-logs`, {
    logGroupName: `/aws/lambda/yagura-${entry.name}`,
    retention: retentionOf(settings),
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = createRole(scope, entry, around);
  role.addToPolicy(
    new PolicyStatement({
      effect: Effect.ALLOW,
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    }),
  );
  return new LambdaFunction(scope, entry.name, {
    functionName: `yagura-${entry.name}`,
    description: entry.description,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    handler: 'index.handler',
    code: Code.fromAsset(join(around.lambdaFolder, entry.name)),
    memorySize: entry.memoryMb,
    timeout: Duration.seconds(entry.timeoutSeconds),
    environment: environmentOf(around),
    loggingFormat: LoggingFormat.JSON,
    logGroup,
    role,
    ...(entry.reserved !== undefined && settings.reservedConcurrency
      ? { reservedConcurrentExecutions: entry.reserved }
      : {}),
  });
}

/** How long logs stay. */
export function retentionOf(settings: DeploymentSettings): RetentionDays {
  // RetentionDays is an enum of the very numbers that the settings were checked against.
  return settings.logRetentionDays as RetentionDays;
}

function createRole(scope: Construct, entry: HubFunction, { hub, settings }: FunctionSurroundings): Role {
  const role = new Role(scope, `${entry.name}-role`, {
    roleName: functionRoleName(entry.name),
    description: `Yagura: ${entry.description}`,
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
  });
  for (const grant of entry.grants)
    for (const statement of statementsOf(grant, hub, settings)) role.addToPolicy(statement);
  return role;
}

function environmentOf({ hub, settings }: FunctionSurroundings): Record<string, string> {
  return {
    YAGURA_TABLE: hub.table.tableName,
    YAGURA_CONFIG: `s3://${hub.config.s3BucketName}/${hub.config.s3ObjectKey}`,
    YAGURA_SECRET_ID: hub.secret.secretArn,
    YAGURA_DELIVERY_QUEUE_URL: hub.queues.delivery.queue.queueUrl,
    ...(hub.queues.slack === undefined ? {} : { YAGURA_SLACK_QUEUE_URL: hub.queues.slack.queue.queueUrl }),
    YAGURA_MANAGEMENT_ROLE_ARN: managementRoleArn(settings),
    YAGURA_EXTERNAL_ID: settings.externalId,
    YAGURA_LOG_LEVEL: settings.logLevel,
    YAGURA_METRIC_NAMESPACE: metricNamespace,
  };
}
