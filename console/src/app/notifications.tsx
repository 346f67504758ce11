import Flashbar, { type FlashbarProps } from '@cloudscape-design/components/flashbar';
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useLocation } from 'react-router';
import { ApiFailure } from '../api/api-client.ts';
import { useLiveState } from '../api/api-context.tsx';
import { useTexts } from '../i18n/texts-context.tsx';

type Note = {
  readonly id: string;
  readonly type: 'success' | 'error' | 'info';
  readonly header: string;
  readonly content?: string;
};

export type Notifier = {
  success(header: string): void;
  /** Says what did not work, why, and (by the server's words) what to do. */
  failure(header: string, cause: unknown): void;
};

const NotifierContext = createContext<Notifier | undefined>(undefined);
const NotesContext = createContext<{ notes: readonly Note[]; dismiss(id: string): void }>({
  notes: [],
  dismiss: () => undefined,
});

// More than this many at once only hide the page.
const MAX_NOTES = 4;

/** Holds what was said to the user. */
export function NotificationProvider(props: { children: ReactNode }) {
  const { t } = useTexts();
  const [notes, setNotes] = useState<readonly Note[]>([]);
  const counter = useRef(0);
  const add = useCallback((note: Omit<Note, 'id'>) => {
    counter.current += 1;
    const id = String(counter.current);
    setNotes((before) => [{ ...note, id }, ...before].slice(0, MAX_NOTES));
  }, []);
  const dismiss = useCallback((id: string) => setNotes((before) => before.filter((note) => note.id !== id)), []);
  const notifier = useMemo<Notifier>(
    () => ({
      success: (header) => add({ type: 'success', header }),
      failure: (header, cause) => {
        const offline = cause instanceof ApiFailure && cause.status === 0;
        const content = offline ? t('error.offline') : cause instanceof Error ? cause.message : String(cause);
        add({ type: 'error', header, content });
      },
    }),
    [add, t],
  );
  const { pathname } = useLocation();
  useEffect(() => {
    // What succeeded in one room is no news in the next; failures stay until they are dismissed.
    if (pathname !== '') setNotes((before) => before.filter((note) => note.type === 'error'));
  }, [pathname]);
  const held = useMemo(() => ({ notes, dismiss }), [notes, dismiss]);
  return (
    <NotifierContext value={notifier}>
      <NotesContext value={held}>{props.children}</NotesContext>
    </NotifierContext>
  );
}

/** Says something to the user. */
export function useNotifier(): Notifier {
  const notifier = use(NotifierContext);
  if (notifier === undefined) throw new Error('useNotifier outside of NotificationProvider');
  return notifier;
}

/** The bar above the room: whether the server is there, then what was said. */
export function Notifications() {
  const { t } = useTexts();
  const { notes, dismiss } = use(NotesContext);
  const state = useLiveState();
  const items: FlashbarProps.MessageDefinition[] = [];
  if (state === 'lost') {
    items.push({
      id: 'server-lost',
      type: 'warning',
      ariaRole: 'alert',
      header: t('live.lost.header'),
      content: t('live.lost.content'),
    });
  }
  for (const note of notes) {
    items.push({
      ...note,
      ariaRole: note.type === 'error' ? 'alert' : 'status',
      dismissible: true,
      dismissLabel: t('common.dismiss'),
      onDismiss: () => dismiss(note.id),
    });
  }
  return <Flashbar items={items} stackItems={items.length > 2} />;
}
