import { describe } from 'vitest';
import { describeStateStore } from '../contract/state-store.contract.ts';
import { motoMissing } from '../stand-ins/moto.ts';
import { createMotoClient, openMotoStore } from './dynamodb-moto.ts';

describe.skipIf(motoMissing)('DynamoDB of a real peer (moto server)', () => {
  describeStateStore('dynamodb', () => openMotoStore(createMotoClient()), { propertyRuns: 8, prunesByItself: true });
});
