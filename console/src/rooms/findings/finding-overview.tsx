import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs, { type KeyValuePairsProps } from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import type { FindingDetail } from '#ports/http-api.ts';
import { type Speech, useTexts } from '../../i18n/texts-context.tsx';
import { safeHref } from '../../message/mrkdwn-angle.ts';
import { AccountLabel, ProblemStatus, SeverityBadge, TeamLabel } from '../../parts/labels.tsx';
import { EmptyState } from '../../parts/load-states.tsx';
import { Time } from '../../parts/times.tsx';
import { actorPairs, factPair } from './finding-facts.ts';

/** What happened, where, to what, and what to do. */
export function FindingOverview({ detail }: { detail: FindingDetail }) {
  const speech = useTexts();
  const { t } = speech;
  const { observation } = detail;
  const actor = actorPairs(observation.actor, t);
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{t('finding.summary')}</Header>}>
        <KeyValuePairs columns={4} items={summaryPairs(detail, speech)} />
      </Container>
      <Container header={<Header variant="h2">{t('finding.description')}</Header>}>
        <SpaceBetween size="m">
          <Box variant="p">
            <span className="slack-text">{observation.description}</span>
          </Box>
          <Advice detail={detail} />
        </SpaceBetween>
      </Container>
      {actor.length > 0 && (
        <Container header={<Header variant="h2">{t('finding.actor')}</Header>}>
          <KeyValuePairs columns={4} items={actor} />
        </Container>
      )}
      {observation.facts.length > 0 && (
        <Container header={<Header variant="h2">{t('finding.facts')}</Header>}>
          <KeyValuePairs columns={3} items={observation.facts.map((fact) => factPair(fact, speech))} />
        </Container>
      )}
      <Resources detail={detail} />
    </SpaceBetween>
  );
}

function summaryPairs(detail: FindingDetail, { t, number }: Speech): KeyValuePairsProps.Item[] {
  const { summary, observation } = detail;
  const { account } = summary;
  const copied = (text: string) => (
    <CopyToClipboard
      variant="inline"
      textToCopy={text}
      copyButtonAriaLabel={t('common.copy')}
      copySuccessText={t('common.copy.done')}
      copyErrorText={t('common.copy.failed')}
    />
  );
  const source = observation.sourceUrl === null ? undefined : safeHref(observation.sourceUrl);
  return [
    { label: t('field.severity'), value: <SeverityBadge severity={summary.severity} /> },
    { label: t('field.status'), value: <ProblemStatus problem={summary} /> },
    { label: t('field.account'), value: <AccountLabel account={account} /> },
    { label: t('field.team'), value: <TeamLabel team={summary.team} /> },
    { label: t('field.environment'), value: account.environment ?? '–' },
    { label: t('field.ou'), value: account.ou ?? '–' },
    { label: t('field.region'), value: summary.region },
    { label: t('field.kind'), value: t(`kind.${summary.kind}`) },
    { label: t('field.firstSeenAt'), value: <Time at={summary.firstSeenAt} to="second" /> },
    { label: t('field.lastSeenAt'), value: <Time at={summary.lastSeenAt} to="second" /> },
    { label: t('field.timesSeen'), value: number(summary.timesSeen) },
    { label: t('field.product'), value: observation.product },
    { label: t('field.acknowledgedBy'), value: summary.acknowledgedBy ?? '–' },
    { label: t('field.assignedTo'), value: summary.assignedTo ?? '–' },
    {
      label: t('field.source'),
      value: source === undefined ? '–' : <OutsideLink href={source}>{t('finding.source')}</OutsideLink>,
    },
    { label: t('field.key'), value: copied(summary.key) },
  ];
}

function OutsideLink(props: { href: string; children: string }) {
  const { t } = useTexts();
  return (
    <Link href={props.href} external rel="noopener noreferrer nofollow" externalIconAriaLabel={t('common.external')}>
      {props.children}
    </Link>
  );
}

function Advice({ detail }: { detail: FindingDetail }) {
  const { t } = useTexts();
  const { text, url } = detail.observation.advice;
  const href = url === null ? undefined : safeHref(url);
  if (text === null && href === undefined) return null;
  return (
    <div>
      <Box variant="h3">{t('finding.advice')}</Box>
      {text !== null && (
        <Box variant="p">
          <span className="slack-text">{text}</span>
        </Box>
      )}
      {href !== undefined && <OutsideLink href={href}>{href}</OutsideLink>}
    </div>
  );
}

function Resources({ detail }: { detail: FindingDetail }) {
  const { t, number } = useTexts();
  const { resources, resourceCount } = detail.observation;
  return (
    <Table
      variant="container"
      header={
        <Header
          variant="h2"
          counter={`(${number(resourceCount)})`}
          description={
            resourceCount > resources.length ? t('finding.resources.kept', { count: resources.length }) : undefined
          }
        >
          {t('finding.resources')}
        </Header>
      }
      items={resources}
      wrapLines
      columnDefinitions={[
        { id: 'id', header: t('field.resource'), isRowHeader: true, minWidth: 200, cell: (item) => item.id },
        { id: 'type', header: t('field.resource-type'), minWidth: 140, cell: (item) => item.type },
        { id: 'name', header: t('field.name'), minWidth: 120, cell: (item) => item.name ?? '–' },
        { id: 'status', header: t('field.status'), minWidth: 100, cell: (item) => item.status ?? '–' },
      ]}
      ariaLabels={{ tableLabel: t('finding.resources') }}
      empty={<EmptyState title={t('finding.resources.none')} />}
    />
  );
}
