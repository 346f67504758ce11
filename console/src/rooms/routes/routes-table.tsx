import Badge from '@cloudscape-design/components/badge';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import type { RouteView } from '#ports/http-api.ts';
import { ROUTES_PATH } from '../../api/api-paths.ts';
import { useResource } from '../../api/use-resource.ts';
import { useTexts } from '../../i18n/texts-context.tsx';
import { DecisionStatus, SeverityBadge } from '../../parts/labels.tsx';
import { EmptyState, ReadFailure } from '../../parts/load-states.tsx';

type Numbered = RouteView & { readonly place: number };

/** The routes in force, in the order they are tried. */
export function RoutesTable() {
  const { t, number } = useTexts();
  const routes = useResource<readonly RouteView[]>(ROUTES_PATH, ['directory']);
  const items: Numbered[] = (routes.data ?? []).map((route, index) => ({ ...route, place: index + 1 }));
  return (
    <SpaceBetween size="m">
      <ReadFailure of={routes} />
      <Table
        items={items}
        trackBy={(item) => `${item.place} ${item.name}`}
        variant="container"
        wrapLines
        loading={routes.loading}
        loadingText={t('common.loading')}
        ariaLabels={{ tableLabel: t('routes.in-force') }}
        header={
          <Header variant="h2" counter={`(${number(items.length)})`} description={t('routes.in-force.description')}>
            {t('routes.in-force')}
          </Header>
        }
        columnDefinitions={[
          { id: 'place', header: t('routes.order'), width: 90, cell: (item) => number(item.place) },
          {
            id: 'name',
            header: t('routes.name'),
            isRowHeader: true,
            minWidth: 180,
            cell: (item) => (
              <span>
                {item.name} {item.implicit && <Badge>{t('routes.implicit')}</Badge>}
              </span>
            ),
          },
          { id: 'match', header: t('routes.match'), minWidth: 220, cell: (item) => item.match },
          {
            id: 'to',
            header: t('routes.to'),
            minWidth: 180,
            cell: (item) => (item.to === '*' ? t('routes.to.all') : item.to),
          },
          {
            id: 'decision',
            header: t('routes.decision'),
            minWidth: 150,
            cell: (item) => <DecisionStatus decision={item.decision} />,
          },
          {
            id: 'floor',
            header: t('routes.floor'),
            minWidth: 120,
            cell: (item) => (item.floor === null ? t('routes.floor.none') : <SeverityBadge severity={item.floor} />),
          },
        ]}
        empty={<EmptyState title={t('routes.empty')} text={t('routes.empty.text')} />}
      />
    </SpaceBetween>
  );
}
