import Autosuggest from '@cloudscape-design/components/autosuggest';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import FormField from '@cloudscape-design/components/form-field';
import Grid from '@cloudscape-design/components/grid';
import Header from '@cloudscape-design/components/header';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { LakeEvents, LakeFields } from '#ports/http-api.ts';
import { query as queryString } from '../../api/api-paths.ts';
import { type Resource, useResource } from '../../api/use-resource.ts';
import { InfoLink } from '../../app/help.tsx';
import { useTexts } from '../../i18n/texts-context.tsx';
import { EmptyState, ReadFailure } from '../../parts/load-states.tsx';
import { EventsTable } from './events-table.tsx';
import { FacetsPanel } from './facets-panel.tsx';
import { Histogram } from './histogram.tsx';
import { readSearchView, type SearchView, withTerm, writeSearchView } from './search-url.ts';

const RANGES = ['1h', '24h', '7d', '30d'] as const;
const LIMIT = 500;

/** All events of the lake; the search is kept in the address. */
export function SearchRoom() {
  const { t } = useTexts();
  const [search, setSearch] = useSearchParams();
  const view = readSearchView(search);
  const setView = (next: SearchView) => setSearch(writeSearchView(next));
  const asked = { query: view.query, from: view.from, to: view.to };
  const events = useResource<LakeEvents>(`/lake/events${queryString({ ...asked, limit: LIMIT })}`, []);
  const empty = events.data?.empty === true;
  // A search that cannot be read found nothing out: an empty list would say that nothing matches.
  const unread = events.data?.problem !== undefined && events.data.problem !== null;
  const add = (field: string, value: string, sign: '' | '-') =>
    setView({ ...view, query: withTerm(view.query, field, value, sign) });
  const download = (format: string) => `/api/lake/download${queryString({ ...asked, format })}`;
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          info={<InfoLink />}
          description={t('search.description')}
          actions={
            <SpaceBetween size="xs" direction="horizontal">
              <Button href={download('csv')} download disabled={empty}>
                {t('search.csv')}
              </Button>
              <Button href={download('ndjson')} download disabled={empty}>
                {t('search.ndjson')}
              </Button>
            </SpaceBetween>
          }
        >
          {t('room.search')}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <SearchForm key={view.query} view={view} onView={setView} events={events} />
        <ReadFailure of={events} />
        {empty && (
          <Container>
            <EmptyState title={t('search.empty')} text={t('search.empty.text')} />
          </Container>
        )}
        {!empty && !unread && (
          <SpaceBetween size="m">
            <Histogram
              asked={asked}
              onNarrow={(from, to) => setView({ ...view, from: String(from), to: String(to) })}
            />
            <Grid gridDefinition={[{ colspan: { default: 12, s: 3 } }, { colspan: { default: 12, s: 9 } }]}>
              <FacetsPanel asked={asked} onAdd={add} />
              <EventsTable
                events={events}
                onAround={(at) => setView({ query: view.query, from: String(at - 900_000), to: String(at + 900_000) })}
              />
            </Grid>
          </SpaceBetween>
        )}
      </SpaceBetween>
    </ContentLayout>
  );
}

type FormProps = { view: SearchView; onView: (view: SearchView) => void; events: Resource<LakeEvents> };

function SearchForm({ view, onView, events }: FormProps) {
  const { t, time } = useTexts();
  const [text, setText] = useState(view.query);
  useEffect(() => setText(view.query), [view.query]);
  const fields = useResource<LakeFields>('/lake/fields', []);
  const lastWord = /[^\s(-][^\s]*$/.exec(text)?.[0] ?? '';
  const before = text.slice(0, text.length - lastWord.length);
  const suggested = (fields.data?.fields ?? []).filter((name) => lastWord !== '' && name.startsWith(lastWord));
  const chosen = RANGES.find((range) => view.from === `-${range}` && view.to === 'now');
  const options = RANGES.map((range) => ({ value: range, label: t(`search.range.${range}`) }));
  const { data } = events;
  const span =
    data === undefined
      ? view.from
      : t('search.range.chosen', { from: time.minute(data.from), to: time.minute(data.to) });
  const problem = data?.problem ?? null;
  return (
    <Container>
      <Grid gridDefinition={[{ colspan: { default: 12, s: 8 } }, { colspan: { default: 12, s: 4 } }]}>
        <FormField
          label={t('search.query')}
          stretch
          errorText={problem === null ? null : t('search.problem', { at: problem.at + 1, message: problem.message })}
        >
          <Autosuggest
            value={text}
            ariaLabel={t('search.query')}
            placeholder={t('search.placeholder')}
            options={suggested.slice(0, 50).map((name) => ({ value: `${before}${name}:`, label: `${name}:` }))}
            filteringType="manual"
            enteredTextLabel={(value) => t('search.use', { text: value })}
            onChange={({ detail }) => setText(detail.value)}
            onSelect={({ detail }) => {
              if (!detail.value.endsWith(':')) onView({ ...view, query: detail.value });
            }}
            onKeyDown={({ detail }) => {
              if (detail.key === 'Enter' && !text.endsWith(':')) onView({ ...view, query: text });
            }}
          />
        </FormField>
        <FormField label={t('search.range')} stretch>
          <Select
            selectedOption={options.find(({ value }) => value === chosen) ?? { value: '', label: span }}
            options={options}
            ariaLabel={t('search.range')}
            onChange={({ detail }) => onView({ ...view, from: `-${detail.selectedOption.value}`, to: 'now' })}
          />
        </FormField>
      </Grid>
    </Container>
  );
}
