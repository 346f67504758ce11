import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Grid from '@cloudscape-design/components/grid';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useSearchParams } from 'react-router';
import type { ChannelRow } from '#ports/http-api.ts';
import { useOutside } from '../../api/api-context.tsx';
import { CHANNELS_PATH } from '../../api/api-paths.ts';
import { useResource } from '../../api/use-resource.ts';
import { InfoLink } from '../../app/help.tsx';
import { type Speech, useTexts } from '../../i18n/texts-context.tsx';
import { destinationName } from '../../parts/labels.tsx';
import { ReadFailure } from '../../parts/load-states.tsx';
import { ChannelList } from './channel-list.tsx';
import { FeedView } from './feed-view.tsx';

const CHANNEL = 'channel';

/** `central` and `route` are words of ours; everything else is a team's name. */
function audienceName(audience: string, t: Speech['t']): string {
  return audience === 'central' || audience === 'route' ? t(`audience.${audience}`) : audience;
}

/** What was sent, by channel, drawn as Slack draws it. */
export function MessagesRoom() {
  const { t, number } = useTexts();
  const { session } = useOutside();
  const channels = useResource<readonly ChannelRow[]>(CHANNELS_PATH, ['messages']);
  const [search, setSearch] = useSearchParams();
  const selected = search.get(CHANNEL) ?? undefined;
  const choose = (key: string | undefined) => setSearch(key === undefined ? {} : { [CHANNEL]: key });
  const channel = channels.data?.find((each) => each.destinationKey === selected);
  const total = channels.data?.reduce((sum, each) => sum + each.count, 0) ?? 0;
  const count = selected === undefined ? total : (channel?.count ?? 0);
  const name =
    selected === undefined
      ? t('messages.all')
      : channel === undefined
        ? selected
        : destinationName(channel.destination, t);
  return (
    <ContentLayout
      header={
        <Header variant="h1" info={<InfoLink />} description={t('messages.description')}>
          {t('room.messages')}
        </Header>
      }
    >
      <SpaceBetween size="l">
        {session.slack === 'none' && <Alert type="info">{t('messages.no-slack')}</Alert>}
        <ReadFailure of={channels} />
        <Grid gridDefinition={[{ colspan: { default: 12, s: 4, l: 3 } }, { colspan: { default: 12, s: 8, l: 9 } }]}>
          <ChannelList channels={channels.data ?? []} total={total} selected={selected} onSelect={choose} />
          <Container
            header={
              <Header variant="h2" counter={`(${number(count)})`}>
                {name}
              </Header>
            }
          >
            <FeedView destination={selected} />
            {channel !== undefined && (
              <Box color="text-body-secondary" fontSize="body-s" padding={{ top: 's' }}>
                {t('messages.audience', { audience: audienceName(channel.audience, t) })}
              </Box>
            )}
          </Container>
        </Grid>
      </SpaceBetween>
    </ContentLayout>
  );
}
