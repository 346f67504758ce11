import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { InfoLink } from '../../app/help.tsx';
import { useTexts } from '../../i18n/texts-context.tsx';
import { ExplainForm } from './explain-form.tsx';
import { RoutesTable } from './routes-table.tsx';

/** Which findings go where, and why. */
export function RoutesRoom() {
  const { t } = useTexts();
  return (
    <ContentLayout
      header={
        <Header variant="h1" info={<InfoLink />} description={t('routes.description')}>
          {t('room.routes')}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <ExplainForm />
        <RoutesTable />
      </SpaceBetween>
    </ContentLayout>
  );
}
