import AppLayout from '@cloudscape-design/components/app-layout';
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useLocation } from 'react-router';
import { useTexts } from '../i18n/texts-context.tsx';
import { remember, remembered } from './browser-storage.ts';
import { RoomHelp } from './help.tsx';
import { useGo } from './navigate.tsx';
import { Navigation } from './navigation.tsx';
import { Notifications } from './notifications.tsx';
import { usePage } from './page-context.tsx';
import { ROOMS, type Room, roomAt } from './room-table.ts';
import { followTheme, themeNamed } from './theme.ts';
import { TopBar } from './top-bar.tsx';

const TOP_BAR = 'top-bar';

/** The frame around every room. */
export function Shell(props: { children: ReactNode }) {
  const { t } = useTexts();
  const { pathname } = useLocation();
  const { helpOpen, setHelpOpen } = usePage();
  const room = roomAt(pathname);
  const main = useFocusOnArrival(pathname);
  const navigation = useNavigationOpen(pathname);
  return (
    <>
      <button type="button" className="skip-link" onClick={() => main.current?.focus()}>
        {t('shell.skip')}
      </button>
      <ThemedTopBar />
      <AppLayout
        headerSelector={`#${TOP_BAR}`}
        contentType={room?.contentType ?? 'default'}
        navigation={<Navigation />}
        navigationOpen={navigation.open}
        onNavigationChange={(event) => navigation.setOpen(event.detail.open)}
        navigationWidth={260}
        breadcrumbs={<Trail room={room} />}
        notifications={<Notifications />}
        stickyNotifications
        tools={<RoomHelp room={room} />}
        toolsOpen={helpOpen}
        onToolsChange={(event) => setHelpOpen(event.detail.open)}
        content={
          <div id="main" className="room" tabIndex={-1} ref={main}>
            {props.children}
          </div>
        }
      />
    </>
  );
}

function ThemedTopBar() {
  const [theme, setTheme] = useState(() => themeNamed(remembered('theme')));
  useEffect(() => followTheme(theme), [theme]);
  return (
    <div id={TOP_BAR} className="top-bar">
      <TopBar
        theme={theme}
        onTheme={(next) => {
          remember('theme', next);
          setTheme(next);
        }}
      />
    </div>
  );
}

/** Moves the focus to the new room, as a page load would; not on the first one. */
function useFocusOnArrival(pathname: string) {
  const main = useRef<HTMLDivElement>(null);
  const last = useRef(pathname);
  useEffect(() => {
    if (last.current === pathname) return;
    last.current = pathname;
    main.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [pathname]);
  return main;
}

const NARROW = '(max-width: 688px)';

/** Open on wide screens as the user left it; on narrow ones it covers the room, so it closes on arrival. */
function useNavigationOpen(pathname: string) {
  const [open, setOpen] = useState(() => !window.matchMedia(NARROW).matches && remembered('navigation') !== 'closed');
  useEffect(() => {
    if (pathname !== '' && window.matchMedia(NARROW).matches) setOpen(false);
  }, [pathname]);
  return {
    open,
    setOpen: (next: boolean) => {
      setOpen(next);
      if (!window.matchMedia(NARROW).matches) remember('navigation', next ? 'open' : 'closed');
    },
  };
}

function Trail(props: { room: Room | undefined }) {
  const { t } = useTexts();
  const { subject } = usePage();
  const go = useGo();
  const { room } = props;
  const title = room === undefined ? t('room.unknown') : t(room.title);
  const last = subject ?? title;

  useEffect(() => {
    document.title = `${last} – ${t('shell.title')}`;
  }, [last, t]);

  const parents = ROOMS.filter(
    (parent) => room !== undefined && (parent.id === 'overview' || (room.id === 'finding' && parent.id === 'findings')),
  ).filter((parent) => parent.id !== room?.id);
  return (
    <BreadcrumbGroup
      items={[
        ...parents.map((parent) => ({
          text: parent.id === 'overview' ? t('shell.title') : t(parent.title),
          href: parent.path,
        })),
        { text: last, href: '#' },
      ]}
      ariaLabel={t('shell.breadcrumbs')}
      onFollow={(event) => {
        event.preventDefault();
        if (event.detail.href !== '#') go(event.detail.href);
      }}
    />
  );
}
