import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Spinner from '@cloudscape-design/components/spinner';
import { useEffect, useState } from 'react';
import { BrowserRouter } from 'react-router';
import type { Session } from '#ports/http-api.ts';
import { type ApiClient, ApiFailure } from '../api/api-client.ts';
import { OutsideProvider } from '../api/api-context.tsx';
import { SESSION_PATH } from '../api/api-paths.ts';
import { followStream, retryDelayMs } from '../api/event-stream.ts';
import type { LiveUpdates } from '../api/live-updates.ts';
import { type Catalog, type Language, languageNamed, loadCatalog } from '../i18n/catalog.ts';
import { TextsProvider, useTexts } from '../i18n/texts-context.tsx';
import { remembered } from './browser-storage.ts';
import { GoProvider } from './navigate.tsx';
import { NotificationProvider } from './notifications.tsx';
import { PageProvider } from './page-context.tsx';
import { Rooms } from './rooms.tsx';
import { Shell } from './shell.tsx';

type Initial = { readonly language: Language; readonly catalog: Catalog };

/** Asks who is there, then opens the console; says so while the server does not answer. */
export function Start(props: { api: ApiClient; live: LiveUpdates; initial: Initial }) {
  const { api, live } = props;
  const guessed = props.initial.language;
  const [session, setSession] = useState<Session>();
  const [initial, setInitial] = useState(props.initial);
  const [failure, setFailure] = useState<ApiFailure>();

  useEffect(() => {
    const aborter = new AbortController();
    void readSession(api, aborter.signal, setFailure).then(async (found) => {
      if (found === undefined) return;
      const language = firstLanguage(found, guessed);
      if (language !== guessed) setInitial({ language, catalog: await loadCatalog(language) });
      setSession(found);
    });
    return () => aborter.abort();
  }, [api, guessed]);

  useEffect(() => (session === undefined ? undefined : followStream(live)), [session, live]);

  if (session === undefined) {
    return (
      <TextsProvider initial={initial} key={initial.language}>
        <Waiting failure={failure} />
      </TextsProvider>
    );
  }
  return (
    <TextsProvider initial={initial} key={initial.language}>
      <OutsideProvider outside={{ api, live, session }}>
        <BrowserRouter>
          <GoProvider>
            <NotificationProvider>
              <PageProvider>
                <Shell>
                  <Rooms />
                </Shell>
              </PageProvider>
            </NotificationProvider>
          </GoProvider>
        </BrowserRouter>
      </OutsideProvider>
    </TextsProvider>
  );
}

/** Nobody chose and the browser speaks neither: the installation's language decides. */
function firstLanguage(session: Session, current: Language): Language {
  const spoken = navigator.languages.some((tag) => languageNamed(tag.slice(0, 2).toLowerCase()) !== undefined);
  return remembered('language') === null && !spoken ? session.defaultLanguage : current;
}

async function readSession(
  api: ApiClient,
  signal: AbortSignal,
  onFailure: (failure: ApiFailure) => void,
): Promise<Session | undefined> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      return await api.get<Session>(SESSION_PATH, signal);
    } catch (cause) {
      if (signal.aborted) return undefined;
      onFailure(cause instanceof ApiFailure ? cause : new ApiFailure('refused', 0, 'unexpected', String(cause)));
      await new Promise((resolve) => setTimeout(resolve, retryDelayMs(failures)));
    }
  }
  return undefined;
}

function Waiting(props: { failure: ApiFailure | undefined }) {
  const { t } = useTexts();
  if (props.failure === undefined) {
    return (
      <Box padding="xxxl" textAlign="center">
        <Spinner size="large" /> <Box variant="span">{t('start.loading')}</Box>
      </Box>
    );
  }
  const offline = props.failure.status === 0;
  return (
    <Box padding="xxxl">
      <Alert type="warning" header={t('start.failed.header')}>
        {offline ? t('start.failed.offline') : t('start.failed.refused', { message: props.failure.message })}
      </Alert>
    </Box>
  );
}
