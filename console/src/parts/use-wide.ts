import { useSyncExternalStore } from 'react';

// Cloudscape's own boundary between its narrow and its wide layout.
const WIDE = '(min-width: 689px)';

function subscribe(listener: () => void): () => void {
  const query = window.matchMedia(WIDE);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

/** True where two columns have room beside each other. */
export function useWide(): boolean {
  return useSyncExternalStore(subscribe, () => window.matchMedia(WIDE).matches);
}
