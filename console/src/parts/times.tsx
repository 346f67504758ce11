import { useTexts } from '../i18n/texts-context.tsx';

/** A time with its zone; evidence is shown to the second. */
export function Time(props: { at: number | null; to?: 'minute' | 'second' }) {
  const { time } = useTexts();
  if (props.at === null) return '–';
  const text = props.to === 'second' ? time.second(props.at) : time.minute(props.at);
  return <span className="numeric">{text}</span>;
}
