import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useOutside } from '../../api/api-context.tsx';
import { useTexts } from '../../i18n/texts-context.tsx';
import type { SlackButton } from '../../message/block-kit.ts';
import { actionOf } from '../../message/button-action.ts';
import { MessageCard } from '../../message/message-card.tsx';
import { EmptyState, ReadFailure } from '../../parts/load-states.tsx';
import { useProblemWriter } from '../../parts/problem-writer.ts';
import { byDay } from './feed.ts';
import { type Dialog, MessageDialog } from './message-dialog.tsx';
import { useFeed } from './use-feed.ts';

/** The messages of a channel by day, newest first. */
export function FeedView(props: { destination: string | undefined }) {
  const { t, time } = useTexts();
  const [search] = useSearchParams();
  const { feed, resource, loadOlder, loadingOlder } = useFeed(props.destination);
  const buttons = useMessageButtons(resource.reload);
  if (feed === undefined || resource.loading) {
    if (resource.error !== undefined) return <ReadFailure of={resource} />;
    return (
      <Box padding="l" textAlign="center" color="text-status-inactive">
        <Spinner /> <Box variant="span">{t('common.loading')}</Box>
      </Box>
    );
  }
  const highlighted = search.get('message');
  return (
    <>
      <ReadFailure of={resource} />
      {feed.items.length === 0 && <EmptyState title={t('messages.empty')} text={t('messages.empty.text')} />}
      <section aria-label={t('messages.feed')}>
        {byDay(feed.items, time.dayKey).map((day) => (
          <div key={day.key}>
            <div className="day-divider">
              <Box variant="strong" color="text-body-secondary">
                {time.day(day.at)}
              </Box>
            </div>
            {day.items.map((message) => (
              <MessageCard
                key={message.id}
                message={message}
                show={props.destination === undefined ? 'destination' : 'plain'}
                highlighted={message.id === highlighted ? 'highlighted' : 'plain'}
                onButton={buttons.press}
              />
            ))}
          </div>
        ))}
      </section>
      {feed.nextToken !== null && (
        <Box textAlign="center" padding="s">
          <SpaceBetween size="xxs">
            <Button loading={loadingOlder} onClick={() => void loadOlder()}>
              {t('messages.older')}
            </Button>
            <Box color="text-body-secondary" fontSize="body-s">
              {t('messages.shown', { shown: feed.items.length, total: feed.total })}
            </Box>
          </SpaceBetween>
        </Box>
      )}
      <MessageDialog dialog={buttons.dialog} onClose={buttons.close} onChanged={resource.reload} />
    </>
  );
}

/** What the buttons of messages do: the same as in Slack. */
function useMessageButtons(onChanged: () => void) {
  const { session } = useOutside();
  const writer = useProblemWriter();
  const [dialog, setDialog] = useState<Dialog>();
  const press = (
    button: SlackButton,
    message: { problemKeys: readonly string[]; destination: Dialog['destination'] },
  ) => {
    const action = actionOf(button, message.problemKeys);
    switch (action.kind) {
      case 'acknowledge':
        void writer.acknowledge([action.problemKey]).then(onChanged);
        return;
      case 'assign':
        void writer.assign([action.problemKey], session.who.name).then(onChanged);
        return;
      case 'accept-risk':
      case 'why':
        setDialog({ kind: action.kind, problemKey: action.problemKey, destination: message.destination });
        return;
      case 'open':
      case 'none':
        return;
    }
  };
  return { dialog, press, close: () => setDialog(undefined) };
}
