import { createContext, type ReactNode, use, useEffect, useMemo, useRef } from 'react';
import { useNavigate } from 'react-router';

type Go = (path: string) => void;

const GoContext = createContext<Go | undefined>(undefined);

/**
 * Gives everything below it a way to other rooms that never changes. The router's own changes with every address,
 * so hundreds of links in a table would be drawn again for each page, sort or filter.
 */
export function GoProvider(props: { children: ReactNode }) {
  const navigate = useNavigate();
  const latest = useRef(navigate);
  useEffect(() => {
    latest.current = navigate;
  }, [navigate]);
  const go = useMemo<Go>(() => (path) => void latest.current(path), []);
  return <GoContext value={go}>{props.children}</GoContext>;
}

/** Goes to a room without a page load. */
export function useGo(): Go {
  const go = use(GoContext);
  if (go === undefined) throw new Error('useGo outside of GoProvider');
  return go;
}
