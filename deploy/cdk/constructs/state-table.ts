import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import {
  type IndexDefinition,
  type KeyAttribute,
  tableDefinition,
} from '../../../src/adapters/dynamodb/table-definition.ts';

/** The one table, made from the adapter's own definition. It stays when the stack is deleted. */
export function createStateTable(scope: Construct): Table {
  const table = new Table(scope, 'State', {
    partitionKey: attribute(tableDefinition.partitionKey),
    sortKey: attribute(tableDefinition.sortKey),
    billingMode: BillingMode.PAY_PER_REQUEST,
    timeToLiveAttribute: tableDefinition.timeToLiveAttribute,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: tableDefinition.pointInTimeRecovery },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  for (const index of tableDefinition.indexes) addIndex(table, index);
  return table;
}

/** Names of the indexes, for policies. */
export const indexNames: readonly string[] = tableDefinition.indexes.map((index) => index.name);

function addIndex(table: Table, index: IndexDefinition): void {
  const projection =
    index.projection.kind === 'keys-only'
      ? { projectionType: ProjectionType.KEYS_ONLY }
      : { projectionType: ProjectionType.INCLUDE, nonKeyAttributes: [...index.projection.attributes] };
  table.addGlobalSecondaryIndex({
    indexName: index.name,
    partitionKey: attribute(index.partitionKey),
    sortKey: attribute(index.sortKey),
    ...projection,
  });
}

function attribute(key: KeyAttribute): { name: string; type: AttributeType } {
  return { name: key.name, type: AttributeType.STRING };
}
