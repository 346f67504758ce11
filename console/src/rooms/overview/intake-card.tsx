import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import type { Overview } from '#ports/http-api.ts';
import { PROBLEM_KINDS } from '../../api/api-types.ts';
import { useTexts } from '../../i18n/texts-context.tsx';

/** What came in since the start. */
export function IntakeCard({ overview }: { overview: Overview }) {
  const { t, number } = useTexts();
  const { accepted, outbox } = overview;
  const other = Object.keys(accepted.perKind).filter((kind) => !PROBLEM_KINDS.some((known) => known === kind));
  return (
    <Container header={<Header variant="h2">{t('overview.intake')}</Header>} fitHeight>
      <KeyValuePairs
        columns={2}
        items={[
          { label: t('overview.events'), value: number(accepted.events) },
          { label: t('overview.problems'), value: number(accepted.problems) },
          ...PROBLEM_KINDS.map((kind) => ({ label: t(`kind.${kind}`), value: number(accepted.perKind[kind] ?? 0) })),
          ...other.map((kind) => ({
            label: kind === 'unknown' ? t('kind.unknown') : kind,
            value: number(accepted.perKind[kind] ?? 0),
          })),
          { label: t('overview.sent'), value: number(outbox.sent + outbox.covered) },
        ]}
      />
    </Container>
  );
}
