import { describeStateStore } from '../../../test/contract/state-store.contract.ts';
import { createMemoryStore } from './memory-store.ts';

describeStateStore('memory', async () => createMemoryStore(), { propertyRuns: 300 });
