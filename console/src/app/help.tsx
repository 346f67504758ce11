import HelpPanel from '@cloudscape-design/components/help-panel';
import Link from '@cloudscape-design/components/link';
import { useTexts } from '../i18n/texts-context.tsx';
import { helpParagraphs } from './help-paragraphs.ts';
import { usePage } from './page-context.tsx';
import type { Room } from './room-table.ts';

/** What a room is for and how to use it. */
export function RoomHelp(props: { room: Room | undefined }) {
  const { t } = useTexts();
  const { room } = props;
  if (room === undefined) return <HelpPanel header={<h2>{t('room.unknown')}</h2>}>{t('room.unknown.text')}</HelpPanel>;
  return (
    <HelpPanel header={<h2>{t(room.title)}</h2>}>
      {helpParagraphs(t(room.help)).map((paragraph) =>
        paragraph.kind === 'list' ? (
          <ul key={paragraph.lines[0]}>
            {paragraph.lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        ) : (
          <p key={paragraph.line}>{paragraph.line}</p>
        ),
      )}
    </HelpPanel>
  );
}

/** The link beside a heading that opens the help. */
export function InfoLink() {
  const { t } = useTexts();
  const { setHelpOpen } = usePage();
  return (
    <Link variant="info" onFollow={() => setHelpOpen(true)} ariaLabel={t('shell.info.label')}>
      {t('shell.info')}
    </Link>
  );
}
