import { describe, expect, it } from 'vitest';
import type { ColumnTree } from './physical-columns.ts';
import { expectColumnsInSchema } from './physical-columns.ts';
import { loadSchema } from './validate-event.ts';

const schema = loadSchema();
const networkActivity = 4001;

describe.skipIf(schema === undefined)('columns against OCSF 1.1.0 (skipped where ../shared/ocsf is absent)', () => {
  const missingIn = (columns: ColumnTree, classUid = networkActivity): string[] => {
    if (schema === undefined) throw new Error('The OCSF schema is absent');
    return expectColumnsInSchema(schema, classUid, columns);
  };

  it('accepts columns that OCSF defines, at every depth and with every profile', () => {
    const missing = missingIn({
      time: 'scalar',
      time_dt: 'scalar',
      metadata: { product: { name: 'scalar', feature: { name: 'scalar' } }, profiles: { list: 'scalar' } },
      cloud: { account: { uid: 'scalar' } },
      action_id: 'scalar',
      device: { hostname: 'scalar', namespace_pid: 'scalar', created_time_dt: 'scalar' },
      load_balancer: { name: 'scalar' },
      proxy_endpoint: { ip: 'scalar' },
      actor: { process: { auid: 'scalar', parent_process: { parent_process: { pid: 'scalar' } } } },
      observables: { list: { name: 'scalar', type_id: 'scalar', value: 'scalar' } },
      src_endpoint: { intermediate_ips: { list: 'scalar' } },
    });

    expect(missing).toEqual([]);
  });

  it('lists what OCSF does not define, by path', () => {
    const missing = missingIn({
      src_ip: 'scalar',
      src_endpoint: { ip: 'scalar', address: 'scalar' },
      observables: { list: { name: 'scalar', path: 'scalar' } },
      actor: { process: { parent_process: { ppid: 'scalar' } } },
      source: { ip: 'scalar' },
    });

    expect(missing).toEqual([
      'src_ip',
      'src_endpoint.address',
      'observables.path',
      'actor.process.parent_process.ppid',
      'source',
    ]);
  });

  it('judges by the class', () => {
    const columns: ColumnTree = { traffic: { bytes: 'scalar' }, query: { hostname: 'scalar' }, action_id: 'scalar' };

    expect(missingIn(columns, 4001)).toEqual(['query']);
    expect(missingIn(columns, 4003)).toEqual([]);
    expect(missingIn(columns, 6003)).toEqual(['traffic', 'query', 'action_id']);
  });

  it("leaves the lake's own columns alone, also inside structs", () => {
    expect(missingIn({ _object_key: 'scalar', _extra: { a: 'scalar' }, src_endpoint: { _ip: 'scalar' } })).toEqual([]);
  });

  it('lists columns of another shape than the attribute', () => {
    const missing = missingIn({
      src_endpoint: 'scalar',
      dst_endpoint: { list: { ip: 'scalar' } },
      observables: { name: 'scalar' },
      message: { text: 'scalar' },
      metadata: { labels: 'scalar', profiles: { list: { name: 'scalar' } } },
      attacks: { list: 'scalar' },
    });

    expect(missing).toEqual([
      'src_endpoint (a scalar, but OCSF has the object network_endpoint)',
      'dst_endpoint (a list, but OCSF has one value)',
      'observables (no list, but OCSF has an array)',
      'message (a struct, but OCSF has a string_t)',
      'metadata.labels (no list, but OCSF has an array)',
      'metadata.profiles (a struct, but OCSF has a string_t)',
      'attacks (a scalar, but OCSF has the object attack)',
    ]);
  });

  it('accepts any shape for unmapped content and JSON', () => {
    expect(missingIn({ unmapped: 'scalar', enrichments: { list: { data: 'scalar' } } })).toEqual([]);
    expect(missingIn({ unmapped: { anything: 'scalar' } })).toEqual([]);
    expect(missingIn({ unmapped: { list: { key: 'scalar', value: 'scalar' } } })).toEqual([]);
  });

  it('refuses a class that OCSF does not have', () => {
    expect(() => missingIn({}, 4999)).toThrow('OCSF 1.1.0 has no class 4999');
  });
});
