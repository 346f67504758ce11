import BarChart from '@cloudscape-design/components/bar-chart';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import type { LakeHistogram } from '#ports/http-api.ts';
import { query } from '../../api/api-paths.ts';
import { useResource } from '../../api/use-resource.ts';
import { useTexts } from '../../i18n/texts-context.tsx';
import { Loaded } from '../../parts/load-states.tsx';
import type { SearchView } from './search-url.ts';

/** Events over time; the details of a bar, which the keyboard reaches too, narrow the range to it. */
export function Histogram(props: { asked: SearchView; onNarrow: (from: number, to: number) => void }) {
  const { t, time } = useTexts();
  const histogram = useResource<LakeHistogram>(`/lake/histogram${query({ ...props.asked })}`, []);
  return (
    <Container header={<Header variant="h2">{t('search.histogram')}</Header>}>
      <Loaded resource={histogram}>
        {({ buckets, stepMs }) => (
          <BarChart
            series={[
              {
                type: 'bar',
                title: t('search.events'),
                data: buckets.map(({ start, count }) => ({ x: new Date(start), y: count })),
              },
            ]}
            xScaleType="categorical"
            xDomain={buckets.map(({ start }) => new Date(start))}
            height={140}
            hideFilter
            hideLegend
            ariaLabel={t('search.histogram')}
            i18nStrings={{ xTickFormatter: (at) => time.clock(at.getTime()) }}
            detailPopoverFooter={(at) => (
              <Button onClick={() => props.onNarrow(at.getTime(), at.getTime() + stepMs)}>{t('search.narrow')}</Button>
            )}
            empty={t('search.none')}
          />
        )}
      </Loaded>
    </Container>
  );
}
