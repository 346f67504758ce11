import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bulkLoad, openSearch, openSearchMissing } from './opensearch-client.ts';

const index = 'smoke-network-activity-20260102';

const documents = Array.from({ length: 100 }, (_, at) => ({
  id: `record-${at}`,
  document: {
    time: 1_767_312_000_000 + at,
    src_endpoint: { ip: `192.0.2.${at % 4}` },
    // One field that is text in one document and an object in the next is what breaks other mappings.
    unmapped: at % 2 === 0 ? { flow: { direction: 'ingress', number: at } } : { flow: 'egress' },
  },
}));

describe.skipIf(openSearchMissing)('OpenSearch', () => {
  beforeAll(async () => {
    await openSearch('PUT', index, {
      settings: { number_of_shards: 1, number_of_replicas: 0 },
      mappings: {
        dynamic: 'strict',
        properties: {
          time: { type: 'date', format: 'epoch_millis' },
          src_endpoint: { properties: { ip: { type: 'ip' } } },
          unmapped: { type: 'flat_object' },
        },
      },
    });
    await bulkLoad(index, documents);
  });

  afterAll(() => openSearch('DELETE', `${index}?ignore_unavailable=true`));

  const count = (query: unknown) => openSearch('POST', `${index}/_count`, { query });

  it('is the version that the project speaks to', async () => {
    expect(await openSearch('GET', '/')).toMatchObject({ version: { distribution: 'opensearch', number: '3.4.0' } });
  });

  it('holds each of 100 documents once after they were loaded twice', async () => {
    await bulkLoad(index, documents);

    expect(await count({ match_all: {} })).toMatchObject({ count: 100 });
  });

  it('finds documents by a network and by a leaf of a flat_object', async () => {
    expect(await count({ term: { 'src_endpoint.ip': '192.0.2.0/31' } })).toMatchObject({ count: 50 });
    expect(await count({ term: { 'unmapped.flow.direction': 'ingress' } })).toMatchObject({ count: 50 });
    expect(await count({ term: { 'unmapped.flow': 'egress' } })).toMatchObject({ count: 50 });
  });

  it('refuses a field that the mapping does not have, by name', async () => {
    const loading = bulkLoad(index, [{ id: 'stray', document: { surprise: 1 } }]);

    await expect(loading).rejects.toThrow(/document stray: .*\[surprise\]/);
  });
});
