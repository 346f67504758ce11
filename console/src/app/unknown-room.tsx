import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useTexts } from '../i18n/texts-context.tsx';
import { RoomLink } from '../parts/room-link.tsx';

/** What an address without a room shows. */
export function UnknownRoom() {
  const { t } = useTexts();
  return (
    <Box padding="xxl" textAlign="center">
      <SpaceBetween size="m">
        <Box variant="h1">{t('room.unknown')}</Box>
        <Box variant="p">{t('room.unknown.text')}</Box>
        <RoomLink to="/">{t('room.overview')}</RoomLink>
      </SpaceBetween>
    </Box>
  );
}
