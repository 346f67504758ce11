import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import type { Overview } from '#ports/http-api.ts';
import { SEVERITIES_WORST_FIRST } from '../../api/api-types.ts';
import { useTexts } from '../../i18n/texts-context.tsx';
import { SeverityBadge } from '../../parts/labels.tsx';
import { NumberRow } from '../../parts/number-row.tsx';
import { totalOpen } from '../accounts/open-order.ts';
import { findingsRoomPath } from '../findings/findings-url.ts';

/** Open findings by severity. */
export function SeverityCard({ overview }: { overview: Overview }) {
  const { t, number } = useTexts();
  return (
    <Container
      header={
        <Header variant="h2" counter={`(${number(totalOpen(overview.open))})`}>
          {t('overview.open')}
        </Header>
      }
    >
      <NumberRow
        numbers={SEVERITIES_WORST_FIRST.map((severity) => ({
          id: severity,
          name: <SeverityBadge severity={severity} />,
          count: overview.open[severity],
          to: findingsRoomPath([
            { property: 'status', operator: '=', value: 'open' },
            { property: 'severity', operator: '=', value: severity },
          ]),
          label: t('overview.open.label', { severity: t(`severity.${severity}`), count: overview.open[severity] }),
        }))}
      />
    </Container>
  );
}
