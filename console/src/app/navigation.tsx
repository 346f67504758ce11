import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import SideNavigation, { type SideNavigationProps } from '@cloudscape-design/components/side-navigation';
import { useLocation } from 'react-router';
import type { Overview } from '#ports/http-api.ts';
import { useOutside } from '../api/api-context.tsx';
import { OVERVIEW_PATH } from '../api/api-paths.ts';
import { useResource } from '../api/use-resource.ts';
import { useTexts } from '../i18n/texts-context.tsx';
import { useGo } from './navigate.tsx';
import { ROOMS, type RoomId, roomAt } from './room-table.ts';

/** The rooms, with what waits for a person beside them. */
export function Navigation() {
  const { t, number } = useTexts();
  const { session } = useOutside();
  const { pathname } = useLocation();
  const go = useGo();
  const overview = useResource<Overview>(OVERVIEW_PATH, ['findings', 'deliveries', 'directory']).data;
  const room = roomAt(pathname);

  const waiting: Partial<Record<RoomId, { count: number; label: string }>> = {};
  if (overview !== undefined && overview.unownedAccounts > 0) {
    const count = overview.unownedAccounts;
    waiting.accounts = { count, label: t('navigation.unowned', { count }) };
  }
  if (overview !== undefined && overview.outbox.parked > 0) {
    const count = overview.outbox.parked;
    waiting.delivery = { count, label: t('navigation.parked', { count }) };
  }
  const items = ROOMS.map((item): SideNavigationProps.Link => {
    const badge = waiting[item.id];
    const link = { type: 'link', text: t(item.title), href: item.path } as const;
    if (badge === undefined) return link;
    return {
      ...link,
      info: (
        <Badge color="red">
          <span aria-hidden="true">{number(badge.count)}</span>
          <span className="visually-hidden">{badge.label}</span>
        </Badge>
      ),
    };
  });
  return (
    <SideNavigation
      header={{ href: '/', text: session.organization === '' ? t('shell.title') : session.organization }}
      activeHref={room?.id === 'finding' ? '/findings' : (room?.path ?? '')}
      items={items}
      itemsControl={
        session.sample && (
          <Box padding={{ left: 'xs' }}>
            <Badge color="blue">{t('shell.sample')}</Badge>
          </Box>
        )
      }
      onFollow={(event) => {
        event.preventDefault();
        go(event.detail.href);
      }}
    />
  );
}
