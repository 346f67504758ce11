import { createContext, type ReactNode, use, useEffect, useSyncExternalStore } from 'react';
import type { Session } from '#ports/http-api.ts';
import type { ApiClient } from './api-client.ts';
import type { LiveState, LiveUpdates } from './live-updates.ts';

/** What every room needs from outside: the API, the news, and who is asking. */
export type Outside = { readonly api: ApiClient; readonly live: LiveUpdates; readonly session: Session };

const OutsideContext = createContext<Outside | undefined>(undefined);

/** Gives everything below it the API and the session. */
export function OutsideProvider(props: { outside: Outside; children: ReactNode }) {
  return <OutsideContext value={props.outside}>{props.children}</OutsideContext>;
}

/** The API, the live updates and the session. */
export function useOutside(): Outside {
  const outside = use(OutsideContext);
  if (outside === undefined) throw new Error('useOutside outside of OutsideProvider');
  return outside;
}

/** Whether changes arrive right now. */
export function useLiveState(): LiveState {
  const { live } = useOutside();
  return useSyncExternalStore(live.onState, live.state);
}

/** Keeps what is shown still while `editing`; the changes missed meanwhile are read afterwards. */
export function useHoldWhile(editing: boolean): void {
  const { live } = useOutside();
  useEffect(() => (editing ? live.hold() : undefined), [editing, live]);
}
