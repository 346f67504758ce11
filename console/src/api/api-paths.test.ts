import { expect, it } from 'vitest';
import { deliveriesPath, findingApiPath, findingsPath, messagesPath } from './api-paths.ts';

it('escapes what goes into a path', () => {
  expect(findingApiPath('health:arn:aws:health::event/RDS/1 %', 'accept-risk')).toBe(
    '/findings/health%3Aarn%3Aaws%3Ahealth%3A%3Aevent%2FRDS%2F1%20%25/accept-risk',
  );
});

it('leaves out what is not asked for', () => {
  expect(findingsPath({ filter: [], sort: 'title', order: 'asc', offset: 0, limit: 20 })).toBe(
    '/findings?sort=title&order=asc&offset=0&limit=20',
  );
  expect(messagesPath(undefined, undefined, 30)).toBe('/messages?limit=30');
  expect(deliveriesPath({ state: undefined, destination: 'slack:#a', offset: 0, limit: 5 })).toBe(
    '/deliveries?destination=slack%3A%23a&offset=0&limit=5',
  );
});
