import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { FindingDetail, FindingSummary } from '#ports/http-api.ts';
import { useOutside } from '../api/api-context.tsx';
import { useTexts } from '../i18n/texts-context.tsx';
import { AcceptRiskModal } from './accept-risk-modal.tsx';
import { AssignModal } from './assign-modal.tsx';
import { useProblemWriter } from './problem-writer.ts';

/** What can be done with the chosen problems; accepting a risk is a decision about one at a time. */
export function ProblemActions(props: {
  problems: readonly FindingSummary[];
  onChanged: (detail: FindingDetail) => void;
}) {
  const { t } = useTexts();
  const { session } = useOutside();
  const writer = useProblemWriter();
  const [dialog, setDialog] = useState<'assign' | 'accept'>();
  const [busy, setBusy] = useState(false);
  const { problems, onChanged } = props;
  const keys = problems.map((problem) => problem.key);
  const single = problems.length === 1 ? problems[0] : undefined;

  const run = async (work: Promise<FindingDetail | undefined>) => {
    setBusy(true);
    const detail = await work;
    setBusy(false);
    if (detail !== undefined) onChanged(detail);
  };
  const assign = (to: string | null) => void run(writer.assign(keys, to));
  const none = keys.length === 0;
  const unacknowledged = problems.some((problem) => problem.acknowledgedBy === null && problem.status === 'open');
  return (
    <>
      <SpaceBetween direction="horizontal" size="xs">
        <Button disabled={!unacknowledged || busy} onClick={() => void run(writer.acknowledge(keys))}>
          {t('action.acknowledge')}
        </Button>
        <ButtonDropdown
          disabled={none || busy}
          items={[
            { id: 'me', text: t('action.assign.me') },
            { id: 'other', text: t('action.assign.other') },
            {
              id: 'nobody',
              text: t('action.assign.nobody'),
              disabled: problems.every((each) => each.assignedTo === null),
            },
          ]}
          onItemClick={({ detail }) => {
            if (detail.id === 'other') setDialog('assign');
            else assign(detail.id === 'me' ? session.who.name : null);
          }}
        >
          {t('action.assign')}
        </ButtonDropdown>
        <Button
          disabled={single === undefined || single.status !== 'open' || single.exceptionId !== null || busy}
          onClick={() => setDialog('accept')}
        >
          {t('action.accept')}
        </Button>
      </SpaceBetween>
      {dialog === 'assign' && <AssignModal onClose={() => setDialog(undefined)} onAssign={assign} />}
      {dialog === 'accept' && single !== undefined && (
        <AcceptRiskModal summary={single} onClose={() => setDialog(undefined)} onDone={onChanged} />
      )}
    </>
  );
}
