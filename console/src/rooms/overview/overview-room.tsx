import ContentLayout from '@cloudscape-design/components/content-layout';
import Grid from '@cloudscape-design/components/grid';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Overview } from '#ports/http-api.ts';
import { OVERVIEW_PATH } from '../../api/api-paths.ts';
import { useResource } from '../../api/use-resource.ts';
import { InfoLink } from '../../app/help.tsx';
import { useTexts } from '../../i18n/texts-context.tsx';
import { Loaded } from '../../parts/load-states.tsx';
import { AttentionCard } from './attention-card.tsx';
import { IntakeCard } from './intake-card.tsx';
import { SeverityCard } from './severity-card.tsx';
import { TeamsCard } from './teams-card.tsx';
import { WorstCard } from './worst-card.tsx';

/** Home: what is open, whose it is, and what waits for a person. */
export function OverviewRoom() {
  const { t } = useTexts();
  const overview = useResource<Overview>(OVERVIEW_PATH, ['findings', 'deliveries', 'directory']);
  return (
    <ContentLayout
      header={
        <Header variant="h1" info={<InfoLink />} description={t('overview.description')}>
          {t('room.overview')}
        </Header>
      }
    >
      <Loaded resource={overview}>
        {(data) => (
          <SpaceBetween size="l">
            <SeverityCard overview={data} />
            <Grid
              gridDefinition={[
                { colspan: { default: 12, s: 7 } },
                { colspan: { default: 12, s: 5 } },
                { colspan: { default: 12, s: 7 } },
                { colspan: { default: 12, s: 5 } },
              ]}
            >
              <TeamsCard overview={data} />
              <AttentionCard overview={data} />
              <WorstCard />
              <IntakeCard overview={data} />
            </Grid>
          </SpaceBetween>
        )}
      </Loaded>
    </ContentLayout>
  );
}
