import Box from '@cloudscape-design/components/box';
import Link from '@cloudscape-design/components/link';
import { Fragment, type ReactNode } from 'react';
import { useTexts } from '../i18n/texts-context.tsx';
import { RoomLink } from '../parts/room-link.tsx';
import type { SlackText } from './block-kit.ts';
import { withEmoji } from './emoji.ts';
import { type Block, type Inline, parseMrkdwn } from './mrkdwn.ts';
import { unescapeSlack } from './mrkdwn-angle.ts';
import { slackDate } from './slack-date.ts';

/** A text of a message, drawn as Slack draws it; made of elements only, so hostile text stays text. */
export function SlackTextView(props: { text: SlackText }) {
  const { text } = props;
  if (text.kind === 'plain') return <span className="slack-text">{withEmoji(unescapeSlack(text.text))}</span>;
  return parseMrkdwn(text.text).map((block, index) => (
    // The parts of one text have no identity but their place.
    // biome-ignore lint/suspicious/noArrayIndexKey: see above
    <BlockView key={index} block={block} />
  ));
}

function BlockView(props: { block: Block }) {
  const { block } = props;
  switch (block.kind) {
    case 'pre':
      return <pre className="slack-pre">{block.text}</pre>;
    case 'quote':
      return (
        <blockquote className="slack-quote">
          <Lines lines={block.lines} />
        </blockquote>
      );
    case 'lines':
      return (
        <div className="slack-text">
          <Lines lines={block.lines} />
        </div>
      );
  }
}

function Lines(props: { lines: readonly (readonly Inline[])[] }) {
  return props.lines.map((line, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
    <Fragment key={index}>
      {index > 0 && <br />}
      <Inlines nodes={line} />
    </Fragment>
  ));
}

function Inlines(props: { nodes: readonly Inline[] }): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: parts of a line have no identity but their place
  return props.nodes.map((node, index) => <InlineView key={index} node={node} />);
}

function InlineView(props: { node: Inline }): ReactNode {
  const { language, time, t } = useTexts();
  const { node } = props;
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'code':
      return <Box variant="awsui-inline-code">{node.text}</Box>;
    case 'bold':
      return (
        <strong>
          <Inlines nodes={node.children} />
        </strong>
      );
    case 'italic':
      return (
        <em>
          <Inlines nodes={node.children} />
        </em>
      );
    case 'strike':
      return (
        <s>
          <Inlines nodes={node.children} />
        </s>
      );
    case 'link':
      return <MessageLink href={node.href} label={withEmoji(node.label)} external={t('common.external')} />;
    case 'date':
      return (
        <time dateTime={new Date(node.at).toISOString()}>
          {slackDate(node.at, node.format, node.fallback, language, time.zone)}
        </time>
      );
    case 'mention':
      return <strong>{node.label}</strong>;
  }
}

/** A link of a message: into the console without a page load, elsewhere in a new tab. */
export function MessageLink(props: { href: string; label: string; external: string }) {
  const path = ownPath(props.href);
  if (path !== undefined)
    return (
      <RoomLink to={path} fontSize="inherit">
        {props.label}
      </RoomLink>
    );
  return (
    <Link
      href={props.href}
      external
      fontSize="inherit"
      rel="noopener noreferrer nofollow"
      externalIconAriaLabel={props.external}
    >
      {props.label}
    </Link>
  );
}

/** The room path when an address leads to this console. */
export function ownPath(href: string): string | undefined {
  const url = new URL(href, window.location.href);
  return url.origin === window.location.origin ? `${url.pathname}${url.search}` : undefined;
}
