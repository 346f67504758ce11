import { useCallback, useEffect, useState } from 'react';
import type { MessagePage } from '#ports/http-api.ts';
import { useOutside } from '../../api/api-context.tsx';
import { messagesPath } from '../../api/api-paths.ts';
import { useResource } from '../../api/use-resource.ts';
import { useNotifier } from '../../app/notifications.tsx';
import { useTexts } from '../../i18n/texts-context.tsx';
import { type Feed, withNewest, withOlder } from './feed.ts';

const PAGE = 30;

/** The messages of a channel (undefined: of all), kept fresh, with older ones on request. */
export function useFeed(destination: string | undefined) {
  const { api } = useOutside();
  const { t } = useTexts();
  const notifier = useNotifier();
  const newest = useResource<MessagePage>(messagesPath(destination, undefined, PAGE), ['messages']);
  const [held, setHeld] = useState<{ destination: string | undefined; feed: Feed }>();
  const [loadingOlder, setLoadingOlder] = useState(false);

  const { data, stale } = newest;
  useEffect(() => {
    if (data === undefined || stale) return;
    setHeld((before) => {
      const feed = before !== undefined && before.destination === destination ? before.feed : undefined;
      return { destination, feed: withNewest(feed, data) };
    });
  }, [data, stale, destination]);

  const feed = held?.feed;
  const loadOlder = useCallback(async () => {
    if (feed === undefined || feed.nextToken === null) return;
    setLoadingOlder(true);
    try {
      const page = await api.get<MessagePage>(messagesPath(destination, feed.nextToken, PAGE));
      setHeld((before) => {
        if (before === undefined || before.destination !== destination) return before;
        return { destination, feed: withOlder(before.feed, page) };
      });
    } catch (cause) {
      notifier.failure(t('messages.older.failed'), cause);
    }
    setLoadingOlder(false);
  }, [api, destination, feed, notifier, t]);

  return { feed, resource: newest, loadOlder, loadingOlder };
}
