import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import { useSearchParams } from 'react-router';
import type { AccountRow, DirectoryStatus, TeamRow } from '#ports/http-api.ts';
import { ACCOUNTS_PATH, DIRECTORY_PATH, TEAMS_PATH } from '../../api/api-paths.ts';
import { useResource } from '../../api/use-resource.ts';
import { InfoLink } from '../../app/help.tsx';
import { useTexts } from '../../i18n/texts-context.tsx';
import { AccountsTable } from './accounts-table.tsx';
import { DirectoryState } from './directory-state.tsx';
import { TeamsTable } from './teams-table.tsx';

/** Who owns what. */
export function AccountsRoom() {
  const { t } = useTexts();
  const [search, setSearch] = useSearchParams();
  const active = search.get('tab') === 'teams' ? 'teams' : 'accounts';
  const accounts = useResource<readonly AccountRow[]>(ACCOUNTS_PATH, ['directory', 'findings']);
  const teams = useResource<readonly TeamRow[]>(TEAMS_PATH, ['directory', 'findings']);
  const directory = useResource<DirectoryStatus>(DIRECTORY_PATH, ['directory']);
  return (
    <ContentLayout
      header={
        <Header variant="h1" info={<InfoLink />} description={t('accounts.description')}>
          {t('room.accounts')}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <DirectoryState directory={directory} />
        <Tabs
          ariaLabel={t('room.accounts')}
          activeTabId={active}
          onChange={({ detail }) =>
            setSearch(detail.activeTabId === 'teams' ? { tab: 'teams' } : {}, { replace: true })
          }
          tabs={[
            {
              id: 'accounts',
              label: t('accounts.tab.accounts'),
              content: active === 'accounts' && <AccountsTable accounts={accounts} />,
            },
            {
              id: 'teams',
              label: t('accounts.tab.teams'),
              content: active === 'teams' && <TeamsTable teams={teams} />,
            },
          ]}
        />
      </SpaceBetween>
    </ContentLayout>
  );
}
