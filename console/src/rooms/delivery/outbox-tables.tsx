import FormField from '@cloudscape-design/components/form-field';
import Grid from '@cloudscape-design/components/grid';
import Select, { type SelectProps } from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useSearchParams } from 'react-router';
import type { DeliverySummary } from '#ports/http-api.ts';
import { OUTBOX_STATES } from '../../api/api-types.ts';
import { useTexts } from '../../i18n/texts-context.tsx';
import { destinationName } from '../../parts/labels.tsx';
import { type DeliveryView, readDeliveryView, writeDeliveryView } from './delivery-url.ts';
import { OutboxTable } from './outbox-table.tsx';

const ALL = '';

/** What waits for a person first, then the whole outbox. */
export function OutboxTables(props: { summary: DeliverySummary | undefined; onSent: () => void }) {
  const { t } = useTexts();
  const [search, setSearch] = useSearchParams();
  const view = readDeliveryView(search);
  const show = (next: DeliveryView) => setSearch(writeDeliveryView(next));
  const parked = props.summary?.totals.parked ?? 0;
  const parkedApart = parked > 0 && view.state === undefined && view.destination === undefined && view.page === 1;
  return (
    <SpaceBetween size="l">
      {parkedApart && (
        <OutboxTable
          name={t('delivery.parked')}
          description={t('delivery.parked.description')}
          view={{ state: 'parked', destination: undefined, page: 1 }}
          onPage={() => show({ state: 'parked', destination: undefined, page: 2 })}
          onSent={props.onSent}
        />
      )}
      <OutboxTable
        name={t('delivery.outbox')}
        description={t('delivery.outbox.description')}
        view={view}
        filter={<OutboxFilter view={view} summary={props.summary} onChange={show} />}
        onPage={(page) => show({ ...view, page })}
        onSent={props.onSent}
      />
    </SpaceBetween>
  );
}

function OutboxFilter(props: {
  view: DeliveryView;
  summary: DeliverySummary | undefined;
  onChange: (view: DeliveryView) => void;
}) {
  const { t, number } = useTexts();
  const { view, summary, onChange } = props;
  const states: SelectProps.Option[] = [
    { value: ALL, label: t('delivery.filter.any-state') },
    ...OUTBOX_STATES.map((state) => ({
      value: state,
      label: t(`outbox.${state}`),
      labelTag: number(summary?.totals[state] ?? 0),
    })),
  ];
  const destinations: SelectProps.Option[] = [
    { value: ALL, label: t('delivery.filter.any-destination') },
    ...(summary?.destinations ?? []).map((each) => ({
      value: each.destinationKey,
      label: destinationName(each.destination, t),
    })),
  ];
  const unlisted = { value: view.destination ?? ALL, label: view.destination ?? ALL };
  return (
    <Grid gridDefinition={[{ colspan: { default: 12, xs: 4 } }, { colspan: { default: 12, xs: 6 } }]}>
      <FormField label={t('field.state')}>
        <Select
          options={states}
          selectedOption={states.find((option) => option.value === (view.state ?? ALL)) ?? null}
          onChange={({ detail }) =>
            onChange({ ...view, state: OUTBOX_STATES.find((state) => state === detail.selectedOption.value), page: 1 })
          }
        />
      </FormField>
      <FormField label={t('field.destination')}>
        <Select
          options={destinations}
          filteringType={destinations.length > 10 ? 'auto' : 'none'}
          selectedOption={destinations.find((option) => option.value === (view.destination ?? ALL)) ?? unlisted}
          onChange={({ detail }) =>
            onChange({ ...view, destination: detail.selectedOption.value || undefined, page: 1 })
          }
        />
      </FormField>
    </Grid>
  );
}
