import { describe, expect, it } from 'vitest';
import { endpoint, place, process, query } from './evidence.ts';
import { actionEvidences, runtimeEvidences } from './guardduty-evidence.ts';
import { lowerKeys } from './lower-keys.ts';

describe('actionEvidences', () => {
  it('turns an outbound connection round', () => {
    const action = {
      networkConnectionAction: {
        connectionDirection: 'OUTBOUND',
        localIpDetails: { ipAddressV4: '192.0.2.1' },
        localPortDetails: { port: 40000 },
        remoteIpDetails: { ipAddressV4: '203.0.113.1' },
        remotePortDetails: { port: '443' },
        protocol: 'TCP',
      },
    };
    expect(actionEvidences(action)).toEqual([
      {
        src_endpoint: { ip: '192.0.2.1', port: 40000 },
        dst_endpoint: { ip: '203.0.113.1', port: 443 },
        connection_info: { protocol_name: 'tcp', direction_id: 2 },
      },
    ]);
  });

  it.each([undefined, null, 'text', {}, { networkConnectionAction: 7 }, { dnsRequestAction: { protocol: 'UDP' } }])(
    'finds nothing in %j',
    (action) => {
      expect(actionEvidences(action)).toEqual([]);
    },
  );
});

describe('runtimeEvidences', () => {
  it('needs something that tells a process from others', () => {
    expect(runtimeEvidences({ process: { name: 'x' } })).toEqual([]);
    expect(runtimeEvidences({ process: { name: 'x', pid: 1 } })).toEqual([{ process: { name: 'x', pid: 1 } }]);
  });
});

describe('parts of evidences', () => {
  it('takes a text that is no address for a name', () => {
    expect(endpoint({ ip: '192.0.2.256' })).toEqual({ name: '192.0.2.256' });
    expect(endpoint({ ip: '2001:db8::1' })).toEqual({ ip: '2001:db8::1' });
    expect(endpoint({ ip: '1::2::3' })).toEqual({ name: '1::2::3' });
  });

  it('leaves out ports and places that are none', () => {
    expect(endpoint({ ip: '192.0.2.1', port: 65_536, location: { city: '' } })).toEqual({ ip: '192.0.2.1' });
    expect(endpoint({ port: 1, domain: 'example.com' })).toBe(undefined);
    expect(place({ lat: 1, long: '2' })).toBe(undefined);
  });

  it('takes only host names for queries', () => {
    expect(query('a.example.com.')).toEqual({ hostname: 'a.example.com' });
    expect(query('_dmarc.example.com')).toBe(undefined);
    expect(query('-'.repeat(300))).toBe(undefined);
  });

  it('names the file that runs', () => {
    expect(process({ uid: 'u', path: '/tmp/x' })).toEqual({
      uid: 'u',
      file: { path: '/tmp/x', name: 'x', type_id: 1 },
    });
  });
});

describe('lowerKeys', () => {
  it('keeps a key whose small form is there already', () => {
    expect(lowerKeys({ Id: [{ IpAddressV4: 1 }], A: 1, a: 2 })).toEqual({ id: [{ ipAddressV4: 1 }], A: 1, a: 2 });
  });
});
