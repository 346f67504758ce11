import { describe } from 'vitest';
import type { StateStore } from '#ports/state-store.ts';
import { describeOutbox } from './state-store/outbox.ts';
import { describeOutboxProperty } from './state-store/outbox-property.ts';
import { describeProblemPage } from './state-store/problem-page.ts';
import { describeProblems } from './state-store/problems.ts';
import { describePruning } from './state-store/pruning.ts';
import { describeRecords } from './state-store/records.ts';
import { describeThreadsAndMessages } from './state-store/threads-and-messages.ts';

/** Opens an empty store; the suite closes it. */
export type OpenStore = () => Promise<StateStore>;

/**
 * What every state store must do, one test per promise of the port.
 * @example describeStateStore('memory', async () => createMemoryStore());
 */
export function describeStateStore(
  name: string,
  open: OpenStore,
  options: {
    readonly propertyRuns?: number;
    /** True when the database expires what is old, so that pruning removes nothing. */
    readonly prunesByItself?: boolean;
  } = {},
): void {
  describe(`state store contract: ${name}`, () => {
    describeProblems(open);
    describeProblemPage(open);
    describeOutbox(open);
    describeThreadsAndMessages(open);
    describeRecords(open);
    describePruning(open, { byItself: options.prunesByItself ?? false });
    describeOutboxProperty(open, options.propertyRuns ?? 50);
  });
}
