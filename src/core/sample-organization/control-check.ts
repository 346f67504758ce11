import type { WorkflowStatus } from './asff.ts';
import type { Resource } from './resource.ts';

type CheckStatus = 'FAILED' | 'PASSED' | 'WARNING' | 'NOT_AVAILABLE';

/** Why a check's result differs from the one before. */
type Cause = 'fixed' | 'regressed' | 'suppressed' | 'recorder-lost' | 'recorder-back' | 'deleted';

/** The result of a check from a moment on; refreshes repeat it with nothing changed. */
export type CheckState = {
  readonly at: number;
  readonly status: CheckStatus;
  readonly workflow: WorkflowStatus;
  readonly archived: boolean;
  readonly cause: Cause | null;
  readonly beat: string | null;
};

/** One control on one resource over the fourteen days. */
export type ControlCheck = {
  readonly control: string;
  readonly resource: Resource;
  readonly states: readonly CheckState[];
};

/** A state with nothing remarkable about it. */
export function plainState(at: number, status: CheckStatus, more: Partial<CheckState> = {}): CheckState {
  const workflow = status === 'PASSED' ? 'RESOLVED' : 'NEW';
  return { at, status, workflow, archived: false, cause: null, beat: null, ...more };
}
