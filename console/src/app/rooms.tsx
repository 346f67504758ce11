import Box from '@cloudscape-design/components/box';
import ErrorBoundary from '@cloudscape-design/components/error-boundary';
import Spinner from '@cloudscape-design/components/spinner';
import { lazy, Suspense } from 'react';
import { Route, Routes, useLocation } from 'react-router';
import { useTexts } from '../i18n/texts-context.tsx';
import { UnknownRoom } from './unknown-room.tsx';

const OverviewRoom = lazy(async () => ({
  default: (await import('../rooms/overview/overview-room.tsx')).OverviewRoom,
}));
const MessagesRoom = lazy(async () => ({
  default: (await import('../rooms/messages/messages-room.tsx')).MessagesRoom,
}));
const FindingsRoom = lazy(async () => ({
  default: (await import('../rooms/findings/findings-room.tsx')).FindingsRoom,
}));
const FindingRoom = lazy(async () => ({ default: (await import('../rooms/findings/finding-room.tsx')).FindingRoom }));
const AccountsRoom = lazy(async () => ({
  default: (await import('../rooms/accounts/accounts-room.tsx')).AccountsRoom,
}));
const RoutesRoom = lazy(async () => ({ default: (await import('../rooms/routes/routes-room.tsx')).RoutesRoom }));
const DeliveryRoom = lazy(async () => ({
  default: (await import('../rooms/delivery/delivery-room.tsx')).DeliveryRoom,
}));
const SearchRoom = lazy(async () => ({ default: (await import('../rooms/search/search-room.tsx')).SearchRoom }));
const SourcesRoom = lazy(async () => ({ default: (await import('../rooms/sources/sources-room.tsx')).SourcesRoom }));

/** The room the address names; each is loaded when it is first entered. */
export function Rooms() {
  const { pathname } = useLocation();
  return (
    <ErrorBoundary key={pathname} onError={({ error }) => console.error(error)}>
      <Suspense fallback={<Arriving />}>
        <Routes>
          <Route path="/" element={<OverviewRoom />} />
          <Route path="/messages" element={<MessagesRoom />} />
          <Route path="/findings" element={<FindingsRoom />} />
          <Route path="/findings/*" element={<FindingRoom />} />
          <Route path="/accounts" element={<AccountsRoom />} />
          <Route path="/routes" element={<RoutesRoom />} />
          <Route path="/delivery" element={<DeliveryRoom />} />
          <Route path="/search" element={<SearchRoom />} />
          <Route path="/sources" element={<SourcesRoom />} />
          <Route path="*" element={<UnknownRoom />} />
        </Routes>
      </Suspense>
    </ErrorBoundary>
  );
}

function Arriving() {
  const { t } = useTexts();
  return (
    <Box padding="xxl" textAlign="center">
      <Spinner /> <Box variant="span">{t('common.loading')}</Box>
    </Box>
  );
}
