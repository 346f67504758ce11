import { useCallback, useEffect, useRef, useState } from 'react';
import type { Facets, FilterProperty } from '#ports/http-api.ts';
import { useOutside } from '../../api/api-context.tsx';
import { facetsPath } from '../../api/api-paths.ts';

type Known = Readonly<Partial<Record<FilterProperty, Facets['values']>>>;

/** The values properties take, read when the filter first asks for them. */
export function useFacets(wanted: readonly FilterProperty[]) {
  const { api } = useOutside();
  const [known, setKnown] = useState<Known>({});
  const [status, setStatus] = useState<'finished' | 'loading' | 'error'>('finished');
  const asked = useRef(new Set<FilterProperty>());

  const load = useCallback(
    async (property: FilterProperty) => {
      if (asked.current.has(property)) return;
      asked.current.add(property);
      setStatus('loading');
      try {
        const facets = await api.get<Facets>(facetsPath(property));
        setKnown((before) => ({ ...before, [property]: facets.values }));
        setStatus('finished');
      } catch {
        // The filter itself shows the failure and offers to try again; typing a value works without completion.
        asked.current.delete(property);
        setStatus('error');
      }
    },
    [api],
  );

  const names = wanted.join();
  useEffect(() => {
    for (const property of names === '' ? [] : (names.split(',') as FilterProperty[])) void load(property);
  }, [names, load]);

  return { known, status, load };
}
