import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';

type Page = {
  /** What the last breadcrumb says of the thing shown, when the room alone does not. */
  readonly subject: string | null;
  setSubject(subject: string | null): void;
  readonly helpOpen: boolean;
  setHelpOpen(open: boolean): void;
};

const PageContext = createContext<Page | undefined>(undefined);

/** Lets a room speak to the frame around it. */
export function PageProvider(props: { children: ReactNode }) {
  const [subject, setSubject] = useState<string | null>(null);
  const [helpOpen, setHelpOpen] = useState(false);
  const page = useMemo(() => ({ subject, setSubject, helpOpen, setHelpOpen }), [subject, helpOpen]);
  return <PageContext value={page}>{props.children}</PageContext>;
}

/** The frame around the room. */
export function usePage(): Page {
  const page = use(PageContext);
  if (page === undefined) throw new Error('usePage outside of PageProvider');
  return page;
}

/** Names the thing shown, in the breadcrumbs and the window title, while it is shown. */
export function usePageSubject(subject: string | null): void {
  const { setSubject } = usePage();
  useEffect(() => {
    setSubject(subject);
    return () => setSubject(null);
  }, [subject, setSubject]);
}
