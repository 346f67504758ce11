import { beforeEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { FindingPage, MessagePage } from '#ports/http-api.ts';
import * as shapes from '../../../test/stand-ins/api-shapes.ts';
import { awsEvent } from '../../../test/stand-ins/events/aws-events.ts';
import { type Home, homePerTest } from '../../../test/stand-ins/yagura-home.ts';

const EVENTS = ['guardduty', 'control', 'inspector', 'health', 'account-created', 'ec2-state'].map(awsEvent);

const openHome = homePerTest();
let home: Home;
let key: string;
beforeEach(async () => {
  home = await openHome();
  await home.send([...EVENTS, awsEvent({ of: 'guardduty', minutes: 5, set: { 'detail.service.count': 9 } })]);
  const { items } = await home.get<FindingPage>('/api/findings?sort=severity');
  key = encodeURIComponent(items[0]?.key ?? '');
});

const READING: readonly (readonly [path: string, shape: z.ZodType])[] = [
  ['/api/session', shapes.session],
  ['/api/overview', shapes.overview],
  ['/api/findings', shapes.findingPage],
  ['/api/findings/facets?property=status', shapes.facets],
  ['/api/findings/facets?property=kind', shapes.facets],
  ['/api/findings/facets?property=severity', shapes.facets],
  ['/api/findings/facets?property=account', shapes.facets],
  ['/api/findings/facets?property=environment', shapes.facets],
  ['/api/findings/facets?property=team', shapes.facets],
  ['/api/findings/facets?property=region', shapes.facets],
  ['/api/findings/facets?property=type', shapes.facets],
  ['/api/findings/KEY', shapes.findingDetail],
  ['/api/routes', shapes.routes],
  ['/api/accounts', shapes.accounts],
  ['/api/teams', shapes.teams],
  ['/api/directory', shapes.directory],
  ['/api/messages', shapes.messagePage],
  ['/api/messages/channels', shapes.channels],
  ['/api/deliveries', shapes.deliveryPage],
  ['/api/deliveries/summary', shapes.deliverySummary],
  ['/api/exceptions', shapes.exceptionList],
  ['/api/unknown-events', shapes.unknownEvents],
];

const WRITING: readonly (readonly [method: string, path: string, body: unknown, status: number, shape: z.ZodType])[] = [
  ['POST', '/api/findings/KEY/acknowledge', {}, 200, shapes.findingDetail],
  ['POST', '/api/findings/KEY/assign', { to: 'local' }, 200, shapes.findingDetail],
  ['POST', '/api/findings/KEY/accept-risk', { reason: 'known', scope: 'problem', days: 9 }, 200, shapes.findingDetail],
  ['POST', '/api/exceptions', { scope: { type: 'S3.8' }, reason: 'known', owner: 'a', days: 1 }, 201, shapes.exception],
  ['POST', '/api/routes/explain', { events: JSON.stringify(EVENTS), language: 'en' }, 200, shapes.explainResult],
  ['POST', '/api/directory/refresh', {}, 200, shapes.directory],
];

describe('the API answers as its contract says', () => {
  it.each(READING)('GET %s', async (path, shape) => {
    const answer = await home.call('GET', path.replace('KEY', key));

    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(shape.safeParse(answer.json)).toMatchObject({ success: true });
  });

  it.each(WRITING)('%s %s', async (method, path, body, status, shape) => {
    const answer = await home.write(method, path.replace('KEY', key), body);

    expect(answer.status).toBe(status);
    expect(shape.safeParse(answer.json)).toMatchObject({ success: true });
  });

  it.each([
    ['GET', '/api/nothing', 404],
    ['GET', '/api', 404],
    ['GET', '/api/', 404],
    ['POST', '/api/overview', 404],
    ['GET', '/api/findings/no-such-key', 404],
    ['POST', '/api/findings/no-such-key/acknowledge', 404],
    ['POST', '/api/findings/no-such-key/accept-risk', 400],
    ['DELETE', '/api/exceptions/no-such-id', 404],
    ['POST', '/api/deliveries/no-such-id/retry', 404],
    ['GET', '/api/findings?limit=0', 400],
    ['GET', '/api/findings?limit=501', 400],
    ['GET', '/api/findings?offset=-1', 400],
    ['GET', '/api/findings?sort=password', 400],
    ['GET', '/api/findings?order=up', 400],
    ['GET', '/api/findings?filter=nonsense', 400],
    ['GET', '/api/findings/facets', 400],
    ['GET', '/api/findings/facets?property=password', 400],
    ['GET', '/api/deliveries?state=lost', 400],
    ['GET', '/api/messages?limit=all', 400],
    ['POST', '/api/routes/explain', 400],
    ['POST', '/nothing', 404],
  ])('%s %s is a failure in the form of the contract', async (method, path, status) => {
    const answer = await home.write(method, path, {});

    expect(answer.status).toBe(status);
    expect(shapes.failure.safeParse(answer.json)).toMatchObject({ success: true });
  });

  it('says that a body is not JSON', async () => {
    const answer = await home.write('POST', '/api/routes/explain', '{"events": ');

    expect(answer).toMatchObject({ status: 400, json: { error: { code: 'input.invalid' } } });
    expect(answer.text).toContain('not JSON');
  });

  it('refuses a body that is too large before it is read as a whole', async () => {
    const answer = await home.write('POST', '/api/routes/explain', 'x'.repeat(13 * 1024 * 1024 + 1));

    expect(answer).toMatchObject({ status: 413, json: { error: { code: 'input.invalid' } } });
  });

  it('finds a finding whatever its key holds', async () => {
    const arn = 'arn:aws:s3:::50%/日本語/a b?c#d&e=+;"<script>';
    await home.send([awsEvent({ of: 'control', set: { 'finding.Resources.0.Id': arn } })]);
    const { items } = await home.get<FindingPage>('/api/findings');
    const hostile = items.find((item) => item.resource?.id === arn)?.key ?? '';

    const answer = await home.call('GET', `/api/findings/${encodeURIComponent(hostile)}`);

    expect(hostile).toContain('日本語');
    expect(answer).toMatchObject({ status: 200, json: { summary: { key: hostile } } });
  });

  it('links messages to the page of their finding on the port in use', async () => {
    const { items } = await home.get<MessagePage>('/api/messages');

    const links = JSON.stringify(items).match(/http:\/\/127\.0\.0\.1:\d+\/findings\/[^"|>\\]+/g) ?? [];

    expect(links).not.toHaveLength(0);
    for (const link of links) expect(link.startsWith(`${home.url}/findings/`)).toBe(true);
  });
});
