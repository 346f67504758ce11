import { Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { DeploymentSettings } from '../deployment-settings.ts';
import type { Grant } from '../hub-functions.ts';
import { managementRoleArn } from '../hub-names.ts';
import type { HubQueues } from './hub-queues.ts';
import { indexNames } from './state-table.ts';

/** What the functions reach. */
export type HubResources = {
  readonly table: Table;
  readonly secret: Secret;
  readonly config: Asset;
  readonly queues: HubQueues;
};

// A transaction is allowed by the actions of its parts. No Scan: nothing may read the whole table.
const readActions = ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'];
const writeActions = ['dynamodb:BatchWriteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];

/** The policy statements behind a grant; empty when this deployment has nothing to grant. */
export function statementsOf(grant: Grant, hub: HubResources, settings: DeploymentSettings): PolicyStatement[] {
  switch (grant) {
    case 'table':
      return tableStatements(hub.table, [...readActions, ...writeActions]);
    case 'read-table':
      return tableStatements(hub.table, readActions);
    case 'config':
      return [allow(['s3:GetObject'], [configArn(hub.config)])];
    case 'secret':
      return [allow(['secretsmanager:GetSecretValue'], [hub.secret.secretArn])];
    case 'send-delivery':
      return [allow(['sqs:SendMessage'], [hub.queues.delivery.queue.queueArn])];
    case 'send-slack':
      return hub.queues.slack === undefined ? [] : [allow(['sqs:SendMessage'], [hub.queues.slack.queue.queueArn])];
    case 'assume-management':
      return [allow(['sts:AssumeRole'], [managementRoleArn(settings)])];
    case 'publish-amazon-q':
      return settings.amazonQTopics.length === 0 ? [] : [allow(['sns:Publish'], [...settings.amazonQTopics])];
  }
}

function tableStatements(table: Table, actions: readonly string[]): PolicyStatement[] {
  const indexes = indexNames.map((name) => `${table.tableArn}/index/${name}`);
  return [allow([...actions], [table.tableArn]), allow(['dynamodb:Query'], indexes)];
}

function allow(actions: string[], resources: string[]): PolicyStatement {
  return new PolicyStatement({ actions, resources });
}

// The object's name holds the hash of its content, so a new configuration is a new object and the policy follows it.
function configArn(config: Asset): string {
  return Stack.of(config).formatArn({
    service: 's3',
    region: '',
    account: '',
    resource: config.s3BucketName,
    resourceName: config.s3ObjectKey,
  });
}
