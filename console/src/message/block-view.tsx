import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useGo } from '../app/navigate.tsx';
import { useTexts } from '../i18n/texts-context.tsx';
import { readBlocks, type SlackBlock, type SlackButton } from './block-kit.ts';
import { withEmoji } from './emoji.ts';
import { ownPath, SlackTextView } from './mrkdwn-view.tsx';

/** What the buttons of a message do; without it they are shown but rest. */
export type OnButton = (button: SlackButton) => void;

/** A Block Kit message as Slack would draw it. */
export function BlocksView(props: { text: string; blocks: readonly unknown[]; onButton?: OnButton }) {
  const blocks = readBlocks(props.blocks, props.text);
  return (
    <div className="slack-blocks">
      {blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks have no identity but their place
        <BlockView key={index} block={block} onButton={props.onButton} />
      ))}
    </div>
  );
}

type BlockProps = { block: SlackBlock; onButton: OnButton | undefined };

function BlockView({ block, onButton }: BlockProps) {
  const { t } = useTexts();
  switch (block.kind) {
    case 'header':
      return <Box variant="h3">{withEmoji(block.text)}</Box>;
    case 'divider':
      return <hr className="slack-divider" />;
    case 'section':
      return <SectionView block={block} onButton={onButton} />;
    case 'context':
      return (
        <Box color="text-body-secondary" fontSize="body-s">
          <div className="slack-context">
            {block.elements.map((element, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: elements have no identity but their place
              <div key={index}>
                <SlackTextView text={element} />
              </div>
            ))}
          </div>
        </Box>
      );
    case 'actions':
      return (
        <SpaceBetween direction="horizontal" size="xs">
          {block.buttons.map((button) => (
            <ButtonView key={`${button.actionId} ${button.text}`} button={button} onButton={onButton} />
          ))}
        </SpaceBetween>
      );
    case 'unknown':
      return <Box color="text-status-inactive">{t('message.unknown-block', { type: block.type })}</Box>;
  }
}

function SectionView(props: { block: SlackBlock & { kind: 'section' }; onButton: OnButton | undefined }) {
  const { block, onButton } = props;
  return (
    <div className="slack-section">
      <div className="slack-section-text">
        {block.text !== undefined && <SlackTextView text={block.text} />}
        {block.fields.length > 0 && (
          <div className="slack-fields">
            {block.fields.map((field, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: fields have no identity but their place
              <div key={index}>
                <SlackTextView text={field} />
              </div>
            ))}
          </div>
        )}
      </div>
      {block.accessory !== undefined && <ButtonView button={block.accessory} onButton={onButton} />}
    </div>
  );
}

function ButtonView(props: { button: SlackButton; onButton: OnButton | undefined }) {
  const { t } = useTexts();
  const go = useGo();
  const { button, onButton } = props;
  const variant = button.style === 'primary' ? 'primary' : 'normal';
  const text = withEmoji(button.text);
  if (button.href === undefined) {
    return (
      <Button variant={variant} disabled={onButton === undefined} onClick={() => onButton?.(button)}>
        {text}
      </Button>
    );
  }
  const path = ownPath(button.href);
  if (path === undefined) {
    return (
      <Button
        variant={variant}
        href={button.href}
        target="_blank"
        rel="noopener noreferrer nofollow"
        iconName="external"
        iconAlign="right"
        iconAlt={t('common.external')}
      >
        {text}
      </Button>
    );
  }
  return (
    <Button
      variant={variant}
      href={path}
      onFollow={(event) => {
        event.preventDefault();
        go(path);
      }}
    >
      {text}
    </Button>
  );
}
