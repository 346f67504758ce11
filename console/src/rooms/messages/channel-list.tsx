import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Select, { type SelectProps } from '@cloudscape-design/components/select';
import SideNavigation, { type SideNavigationProps } from '@cloudscape-design/components/side-navigation';
import type { ChannelRow } from '#ports/http-api.ts';
import { useTexts } from '../../i18n/texts-context.tsx';
import { destinationName } from '../../parts/labels.tsx';
import { useWide } from '../../parts/use-wide.ts';

type Props = {
  channels: readonly ChannelRow[];
  total: number;
  selected: string | undefined;
  onSelect: (key: string | undefined) => void;
};

const ALL = '';

/** The channels with how many messages each has: beside the feed, or a select above it where there is no room. */
export function ChannelList(props: Props) {
  return useWide() ? <ChannelLinks {...props} /> : <ChannelSelect {...props} />;
}

function ChannelLinks({ channels, total, selected, onSelect }: Props) {
  const { t, number } = useTexts();
  const href = (key: string) => (key === ALL ? '/messages' : `/messages?channel=${encodeURIComponent(key)}`);
  const count = (value: number) => <Box color="text-body-secondary">{number(value)}</Box>;
  const items: SideNavigationProps.Link[] = [
    { type: 'link', text: t('messages.all'), href: href(ALL), info: count(total) },
    ...channels.map((channel) => ({
      type: 'link' as const,
      text: destinationName(channel.destination, t),
      href: href(channel.destinationKey),
      info: count(channel.count),
    })),
  ];
  return (
    <div className="channel-column">
      <Container disableContentPaddings header={<Header variant="h2">{t('messages.channels')}</Header>}>
        <nav aria-label={t('messages.channels')}>
          <SideNavigation
            items={items}
            activeHref={href(selected ?? ALL)}
            onFollow={(event) => {
              event.preventDefault();
              const found = channels.find((channel) => href(channel.destinationKey) === event.detail.href);
              onSelect(found?.destinationKey);
            }}
          />
        </nav>
      </Container>
    </div>
  );
}

function ChannelSelect({ channels, total, selected, onSelect }: Props) {
  const { t, number } = useTexts();
  const options: SelectProps.Option[] = [
    { value: ALL, label: t('messages.all'), labelTag: number(total) },
    ...channels.map((channel) => ({
      value: channel.destinationKey,
      label: destinationName(channel.destination, t),
      labelTag: number(channel.count),
    })),
  ];
  return (
    <FormField label={t('messages.channels')}>
      <Select
        options={options}
        selectedOption={options.find((option) => option.value === (selected ?? ALL)) ?? null}
        onChange={(event) => onSelect(event.detail.selectedOption.value || undefined)}
      />
    </FormField>
  );
}
