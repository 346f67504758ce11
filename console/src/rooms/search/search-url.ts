/** What the address says to search for. */
export type SearchView = { readonly query: string; readonly from: string; readonly to: string };

const MAX_QUERY = 4096;
const TIME = /^(?:now|-\d{1,6}[smhdw]|\d{12,14})$/;

/** Reads the address; what is wrong in it is left out. */
export function readSearchView(search: URLSearchParams): SearchView {
  const time = (name: string, usual: string) => {
    const given = search.get(name) ?? '';
    return TIME.test(given) ? given : usual;
  };
  return {
    query: (search.get('query') ?? '').slice(0, MAX_QUERY),
    from: time('from', '-24h'),
    to: time('to', 'now'),
  };
}

/** The address of a view; what is usual is not written. */
export function writeSearchView({ query, from, to }: SearchView): URLSearchParams {
  const search = new URLSearchParams();
  if (query !== '') search.set('query', query);
  if (from !== '-24h') search.set('from', from);
  if (to !== 'now') search.set('to', to);
  return search;
}

/** A query with one more condition; a value is quoted, so that nothing in it is an operator. */
export function withTerm(query: string, field: string, value: string, sign: '' | '-'): string {
  const quoted = value.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  // Terms behind an OR would belong to its last part only.
  const before = /\bOR\b/.test(query) ? `(${query})` : query;
  return `${before} ${sign}${field}:"${quoted}"`.trim();
}
