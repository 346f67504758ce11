import { memo } from 'react';
import { useTexts } from '../i18n/texts-context.tsx';

/** A time with its zone; evidence is shown to the second. */
export const Time = memo(function Time(props: { at: number | null; to?: 'minute' | 'second' }) {
  const { time } = useTexts();
  if (props.at === null || !Number.isFinite(props.at)) return '–';
  const text = props.to === 'second' ? time.second(props.at) : time.minute(props.at);
  // Where it is too long for one line, it breaks before the zone and nowhere else.
  const zoneAt = text.lastIndexOf(' (');
  return (
    <span className="numeric">
      <span className="nowrap">{text.slice(0, zoneAt)}</span> <span className="nowrap">{text.slice(zoneAt + 1)}</span>
    </span>
  );
});
