import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { AccountRow, LakeFacets } from '#ports/http-api.ts';
import { ACCOUNTS_PATH, query } from '../../api/api-paths.ts';
import { useResource } from '../../api/use-resource.ts';
import { useTexts } from '../../i18n/texts-context.tsx';
import { Loaded } from '../../parts/load-states.tsx';
import type { SearchView } from './search-url.ts';

const NAMES = {
  class_name: 'class_name',
  'cloud.account.uid': 'account',
  'cloud.region': 'region',
  'actor.user.name': 'actor',
  'src_endpoint.ip': 'ip',
  'api.operation': 'operation',
  status: 'status',
} as const;
const FIELDS = Object.keys(NAMES) as (keyof typeof NAMES)[];

/** The most frequent values; each can be asked for or left out. */
export function FacetsPanel(props: {
  asked: SearchView;
  onAdd: (field: string, value: string, sign: '' | '-') => void;
}) {
  const { t, number } = useTexts();
  const facets = useResource<LakeFacets>(`/lake/facets${query({ ...props.asked, fields: FIELDS.join(), top: 6 })}`, []);
  const accounts = useResource<AccountRow[]>(ACCOUNTS_PATH, ['directory']).data ?? [];
  const shown = (field: string, value: string) => {
    const account = field === 'cloud.account.uid' ? accounts.find(({ id, known }) => known && id === value) : undefined;
    return account === undefined ? value : `${account.name} (${value})`;
  };
  return (
    <Container header={<Header variant="h2">{t('search.facets')}</Header>}>
      <Loaded resource={facets}>
        {(data) => (
          <SpaceBetween size="m">
            {FIELDS.map((field) => {
              const values = data.facets.find((facet) => facet.field === field)?.values ?? [];
              return values.length === 0 ? null : (
                <div key={field}>
                  <Box variant="awsui-key-label">{t(`search.field.${NAMES[field]}`)}</Box>
                  {values.map(({ value, count }) => (
                    <div key={value} className="break-anywhere">
                      <Link
                        href="#"
                        ariaLabel={t('search.add', { value: shown(field, value) })}
                        onFollow={(event) => {
                          event.preventDefault();
                          props.onAdd(field, value, '');
                        }}
                      >
                        {shown(field, value)}
                      </Link>{' '}
                      <span className="numeric">{number(count)}</span>
                      <Button
                        variant="inline-icon"
                        iconName="close"
                        ariaLabel={t('search.exclude', { value: shown(field, value) })}
                        onClick={() => props.onAdd(field, value, '-')}
                      />
                    </div>
                  ))}
                </div>
              );
            })}
          </SpaceBetween>
        )}
      </Loaded>
    </Container>
  );
}
