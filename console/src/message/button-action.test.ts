import { describe, expect, it } from 'vitest';
import { actionOf } from './button-action.ts';

const button = (actionId: string, value: string, href?: string) => ({
  actionId,
  value,
  text: '',
  style: 'default' as const,
  href,
});

describe('actionOf', () => {
  it.each([
    ['yagura.acknowledge', 'acknowledge'],
    ['yagura.assign', 'assign'],
    ['yagura.accept-risk', 'accept-risk'],
    ['yagura.why', 'why'],
  ])('knows %s', (actionId, kind) => {
    expect(actionOf(button(actionId, 'b'), ['a', 'b'])).toEqual({ kind, problemKey: 'b' });
  });

  it('takes the only problem of a message whose key was too long for the button', () => {
    expect(actionOf(button('yagura.why', 'sha256:0123'), ['a'])).toEqual({ kind: 'why', problemKey: 'a' });
  });

  it('does nothing when it cannot tell which problem is meant', () => {
    expect(actionOf(button('yagura.why', 'c'), ['a', 'b'])).toEqual({ kind: 'none' });
  });

  it('does nothing for the button of somebody else', () => {
    expect(actionOf(button('constructor', 'a'), ['a'])).toEqual({ kind: 'none' });
  });

  it('opens the address of a button that has one', () => {
    expect(actionOf(button('yagura.open', '', 'https://example.com/'), ['a'])).toEqual({
      kind: 'open',
      href: 'https://example.com/',
    });
  });
});
