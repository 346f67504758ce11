import { expect, it } from 'vitest';
import { destinationKeyOf, messagePath } from './destination-key.ts';

it('names destinations as the server does', () => {
  expect([
    destinationKeyOf({ kind: 'slack', channel: '#soc' }),
    destinationKeyOf({ kind: 'slack-webhook', webhook: 'payments' }),
    destinationKeyOf({ kind: 'amazon-q', topicArn: 'arn:aws:sns:us-east-1:111122223333:topic' }),
  ]).toEqual(['slack:#soc', 'slack-webhook:payments', 'amazon-q:arn:aws:sns:us-east-1:111122223333:topic']);
});

it('leads to a message with its channel escaped', () => {
  expect(messagePath({ kind: 'slack', channel: '#soc & co' }, 'm/1')).toBe(
    '/messages?channel=slack%3A%23soc+%26+co&message=m%2F1',
  );
});
