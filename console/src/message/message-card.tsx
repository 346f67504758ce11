import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import type { MessageRow } from '#ports/http-api.ts';
import { useOutside } from '../api/api-context.tsx';
import { useTexts } from '../i18n/texts-context.tsx';
import { destinationName } from '../parts/labels.tsx';
import type { SlackButton } from './block-kit.ts';
import { BlocksView } from './block-view.tsx';

type Delivered = Omit<MessageRow, 'replies' | 'mode'>;
type OnMessageButton = (button: SlackButton, message: Delivered) => void;

// A thread longer than this is folded, so that the next message is not pages away.
const OPEN_THREAD = 5;

/** A message as it was delivered, its thread below. */
export function MessageCard(props: {
  message: MessageRow;
  /** The destination is said where messages of several are mixed. */
  show: 'destination' | 'plain';
  highlighted: 'highlighted' | 'plain';
  onButton: OnMessageButton;
}) {
  const { t } = useTexts();
  const { session } = useOutside();
  const { message, onButton } = props;
  const { replies } = message;
  return (
    <article
      id={message.id}
      className={props.highlighted === 'highlighted' ? 'message message-highlighted' : 'message'}
      aria-label={message.text}
    >
      <Avatar />
      <div>
        <MessageHead message={message} destination={props.show === 'destination' ? message.destination : undefined}>
          {message.inThreadOf !== null && <Badge>{t('message.earlier-thread')}</Badge>}
          {session.slack !== 'none' && message.mode === 'feed' && <Badge>{t('message.feed-only')}</Badge>}
        </MessageHead>
        <BlocksView text={message.text} blocks={message.blocks} onButton={(button) => onButton(button, message)} />
        {replies.length > 0 && (
          <div className="message-thread">
            <ExpandableSection
              headerText={t('message.replies', { count: replies.length })}
              defaultExpanded={replies.length <= OPEN_THREAD}
            >
              {replies.map((reply) => (
                <article key={reply.id} className="message" aria-label={reply.text}>
                  <Avatar />
                  <div>
                    <MessageHead message={reply} destination={undefined} />
                    <BlocksView
                      text={reply.text}
                      blocks={reply.blocks}
                      onButton={(button) => onButton(button, reply)}
                    />
                  </div>
                </article>
              ))}
            </ExpandableSection>
          </div>
        )}
      </div>
    </article>
  );
}

function Avatar() {
  return <img className="message-avatar" src="/favicon.svg" alt="" />;
}

function MessageHead(props: {
  message: Delivered;
  destination: Delivered['destination'] | undefined;
  children?: React.ReactNode;
}) {
  const { t, time } = useTexts();
  const { message } = props;
  return (
    <div className="message-head">
      <Box variant="strong">{t('shell.title')}</Box>
      {props.destination !== undefined && <Box variant="span">{destinationName(props.destination, t)}</Box>}
      <Box variant="span" color="text-body-secondary" fontSize="body-s">
        <time dateTime={new Date(message.sentAt).toISOString()} className="numeric">
          {time.minute(message.sentAt)}
        </time>
        {message.editedAt !== null && <> {t('message.edited', { time: time.minute(message.editedAt) })}</>}
      </Box>
      {props.children}
    </div>
  );
}
