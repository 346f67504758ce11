import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { FindingDetail } from '#ports/http-api.ts';
import { findingApiPath } from '../../api/api-paths.ts';
import type { Destination } from '../../api/api-types.ts';
import { useResource } from '../../api/use-resource.ts';
import { findingPath } from '../../app/room-table.ts';
import { destinationKeyOf } from '../../format/destination-key.ts';
import { useTexts } from '../../i18n/texts-context.tsx';
import { AcceptRiskModal } from '../../parts/accept-risk-modal.tsx';
import { AccountLabel, DecisionStatus, destinationName, SeverityBadge, TeamLabel } from '../../parts/labels.tsx';
import { Loaded } from '../../parts/load-states.tsx';
import { RoomLink } from '../../parts/room-link.tsx';

export type Dialog = {
  readonly kind: 'accept-risk' | 'why';
  readonly problemKey: string;
  readonly destination: Destination;
};

/** The form or the answer a message's button opens. */
export function MessageDialog(props: { dialog: Dialog | undefined; onClose: () => void; onChanged: () => void }) {
  const { dialog, onClose, onChanged } = props;
  const detail = useResource<FindingDetail>(dialog === undefined ? null : findingApiPath(dialog.problemKey), []);
  if (dialog === undefined) return null;
  const fresh = detail.stale ? undefined : detail.data;
  if (dialog.kind === 'accept-risk' && fresh !== undefined) {
    return <AcceptRiskModal summary={fresh.summary} onClose={onClose} onDone={onChanged} />;
  }
  return <WhyModal dialog={dialog} detail={{ ...detail, data: fresh }} onClose={onClose} />;
}

function WhyModal(props: {
  dialog: Dialog;
  detail: ReturnType<typeof useResource<FindingDetail>>;
  onClose: () => void;
}) {
  const { t } = useTexts();
  const { dialog } = props;
  return (
    <Modal
      visible
      size="medium"
      header={t(dialog.kind === 'why' ? 'why.header' : 'accept.header')}
      onDismiss={props.onClose}
      footer={
        <Box float="right">
          <Button variant="primary" onClick={props.onClose}>
            {t('common.close')}
          </Button>
        </Box>
      }
    >
      <Loaded resource={props.detail}>{(detail) => <Why detail={detail} destination={dialog.destination} />}</Loaded>
    </Modal>
  );
}

function Why(props: { detail: FindingDetail; destination: Destination }) {
  const { t } = useTexts();
  const { summary, routes } = props.detail;
  const wanted = destinationKeyOf(props.destination);
  const route = routes.find((each) => each.destination !== undefined && destinationKeyOf(each.destination) === wanted);
  return (
    <SpaceBetween size="m">
      <Box variant="p">
        {route === undefined ? t('why.unknown', { channel: destinationName(props.destination, t) }) : route.reason}
      </Box>
      <KeyValuePairs
        columns={2}
        items={[
          { label: t('field.destination'), value: destinationName(props.destination, t) },
          ...(route === undefined
            ? []
            : [{ label: t('routes.decision'), value: <DecisionStatus decision={route.decision} /> }]),
          { label: t('field.account'), value: <AccountLabel account={summary.account} /> },
          { label: t('field.team'), value: <TeamLabel team={summary.team} /> },
          { label: t('field.severity'), value: <SeverityBadge severity={summary.severity} /> },
        ]}
      />
      <RoomLink to={findingPath(summary.key)}>{t('why.open')}</RoomLink>
    </SpaceBetween>
  );
}
