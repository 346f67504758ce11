import type { AppLayoutProps } from '@cloudscape-design/components/app-layout';
import type { PlainTextKey } from '../i18n/text-types.ts';

export type RoomId =
  | 'overview'
  | 'messages'
  | 'findings'
  | 'finding'
  | 'accounts'
  | 'routes'
  | 'delivery'
  | 'search'
  | 'sources';

/** What the frame around a room needs to know of it. */
export type Room = {
  readonly id: RoomId;
  readonly path: string;
  readonly title: PlainTextKey;
  readonly help: PlainTextKey;
  readonly contentType: AppLayoutProps.ContentType;
};

const OVERVIEW: Room = {
  id: 'overview',
  path: '/',
  title: 'room.overview',
  help: 'help.overview',
  contentType: 'dashboard',
};

export const ROOMS: readonly Room[] = [
  OVERVIEW,
  { id: 'messages', path: '/messages', title: 'room.messages', help: 'help.messages', contentType: 'default' },
  { id: 'findings', path: '/findings', title: 'room.findings', help: 'help.findings', contentType: 'table' },
  { id: 'search', path: '/search', title: 'room.search', help: 'help.search', contentType: 'default' },
  { id: 'sources', path: '/sources', title: 'room.sources', help: 'help.sources', contentType: 'default' },
  { id: 'accounts', path: '/accounts', title: 'room.accounts', help: 'help.accounts', contentType: 'table' },
  { id: 'routes', path: '/routes', title: 'room.routes', help: 'help.routes', contentType: 'default' },
  { id: 'delivery', path: '/delivery', title: 'room.delivery', help: 'help.delivery', contentType: 'default' },
];

const FINDING: Room = {
  id: 'finding',
  path: '/findings/',
  title: 'room.finding',
  help: 'help.finding',
  contentType: 'default',
};

/** The room a path leads to; an unknown path leads to none. */
export function roomAt(pathname: string): Room | undefined {
  if (pathname.startsWith(FINDING.path) && pathname.length > FINDING.path.length) return FINDING;
  const bare = pathname.length > 1 ? pathname.replace(/\/$/, '') : pathname;
  return ROOMS.find((room) => room.path === bare);
}

/** Where a problem is shown; its key may hold slashes, colons and anything else. */
export function findingPath(key: string): string {
  return `${FINDING.path}${encodeURIComponent(key)}`;
}

/** The key in a path made by `findingPath`, also when something on the way decoded its slashes. */
export function findingKeyAt(pathname: string): string | undefined {
  if (roomAt(pathname)?.id !== 'finding') return undefined;
  const encoded = pathname.slice(FINDING.path.length);
  try {
    return decodeURIComponent(encoded);
  } catch {
    // A lone percent sign: somebody typed the key unencoded.
    return encoded;
  }
}
