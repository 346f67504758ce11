import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import { useLocation, useSearchParams } from 'react-router';
import type { FindingDetail } from '#ports/http-api.ts';
import { findingApiPath } from '../../api/api-paths.ts';
import { useResource } from '../../api/use-resource.ts';
import { InfoLink } from '../../app/help.tsx';
import { usePageSubject } from '../../app/page-context.tsx';
import { findingKeyAt } from '../../app/room-table.ts';
import { useTexts } from '../../i18n/texts-context.tsx';
import { SeverityBadge } from '../../parts/labels.tsx';
import { EmptyState, Loaded } from '../../parts/load-states.tsx';
import { ProblemActions } from '../../parts/problem-actions.tsx';
import { RawJson } from '../../parts/raw-json.tsx';
import { RoomLink } from '../../parts/room-link.tsx';
import { RouteEntries } from '../../parts/route-entries.tsx';
import { ExceptionNotice } from './exception-notice.tsx';
import { FindingHistory } from './finding-history.tsx';
import { FindingOverview } from './finding-overview.tsx';
import { FindingThreads } from './finding-threads.tsx';

/** One problem with everything that is known of it. */
export function FindingRoom() {
  const { t } = useTexts();
  const key = findingKeyAt(useLocation().pathname);
  const finding = useResource<FindingDetail>(key === undefined ? null : findingApiPath(key), ['findings', 'messages']);
  const fresh = finding.stale ? undefined : finding.data;
  usePageSubject(fresh === undefined ? null : fresh.summary.title);
  if (finding.error?.status === 404) {
    return (
      <EmptyState
        title={t('finding.unknown')}
        text={t('finding.unknown.text')}
        action={<RoomLink to="/findings">{t('finding.unknown.back')}</RoomLink>}
      />
    );
  }
  return (
    <Loaded resource={{ ...finding, data: fresh }}>
      {(detail) => <FindingView detail={detail} onChanged={finding.replace} onReload={finding.reload} />}
    </Loaded>
  );
}

type ViewProps = { detail: FindingDetail; onChanged: (detail: FindingDetail) => void; onReload: () => void };

function FindingView({ detail, onChanged, onReload }: ViewProps) {
  const { t } = useTexts();
  const { summary } = detail;
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          info={<InfoLink />}
          description={<span className="break-anywhere">{summary.type}</span>}
          actions={<ProblemActions problems={[summary]} onChanged={onChanged} />}
        >
          <SeverityBadge severity={summary.severity} /> {summary.title}
        </Header>
      }
    >
      <SpaceBetween size="l">
        {summary.sample && <Alert type="info">{t('finding.sample')}</Alert>}
        {detail.exception !== null && <ExceptionNotice exception={detail.exception} onEnded={onReload} />}
        <FindingTabs detail={detail} />
      </SpaceBetween>
    </ContentLayout>
  );
}

const TABS = ['overview', 'history', 'routes', 'threads', 'raw'] as const;

function FindingTabs({ detail }: { detail: FindingDetail }) {
  const { t } = useTexts();
  const [search, setSearch] = useSearchParams();
  const active = TABS.find((id) => id === search.get('tab')) ?? 'overview';
  const content = {
    overview: <FindingOverview detail={detail} />,
    history: <FindingHistory entries={detail.history} />,
    routes: <RouteEntries entries={detail.routes} label={t('finding.tab.routes')} show="destination" />,
    threads: <FindingThreads threads={detail.threads} />,
    raw:
      detail.raw === null ? (
        <Box color="text-status-inactive">{t('finding.raw.none')}</Box>
      ) : (
        <RawJson json={detail.raw} label={t('finding.tab.raw')} />
      ),
  };
  const counts = { history: detail.history.length, threads: detail.threads.length };
  return (
    <Tabs
      ariaLabel={detail.summary.title}
      activeTabId={active}
      onChange={({ detail: { activeTabId } }) =>
        setSearch(activeTabId === 'overview' ? {} : { tab: activeTabId }, { replace: true })
      }
      tabs={TABS.map((id) => ({
        id,
        label:
          id === 'history' || id === 'threads'
            ? t('finding.tab.counted', { tab: t(`finding.tab.${id}`), count: counts[id] })
            : t(`finding.tab.${id}`),
        content: id === active ? content[id] : null,
      }))}
    />
  );
}
