import { SEVERITIES_WORST_FIRST } from '../../api/api-types.ts';
import { useTexts } from '../../i18n/texts-context.tsx';
import { SeverityCounts } from '../../parts/labels.tsx';
import { RoomLink } from '../../parts/room-link.tsx';
import { findingsRoomPath } from '../findings/findings-url.ts';
import { type Open, totalOpen } from './open-order.ts';

/** Open problems by severity, and the way to them. */
export function OpenCounts(props: { open: Open; property: 'account' | 'team'; value: string; name: string }) {
  const { t, number } = useTexts();
  const total = totalOpen(props.open);
  if (total === 0) return number(0);
  const path = findingsRoomPath([
    { property: 'status', operator: '=', value: 'open' },
    { property: props.property, operator: '=', value: props.value },
  ]);
  return (
    <div className="inline-facts">
      <RoomLink to={path} ariaLabel={t('accounts.open.label', { name: props.name, count: total })}>
        {number(total)}
      </RoomLink>
      <SeverityCounts open={props.open} severities={SEVERITIES_WORST_FIRST} />
    </div>
  );
}
