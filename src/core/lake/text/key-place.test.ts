import { describe, expect, it } from 'vitest';
import { placeInKey } from './key-place.ts';

describe('the place that an object key tells', () => {
  it.each([
    [
      'AWSLogs/111122223333/network-firewall/alert/ap-northeast-1/fw/2026/11/24/01/111122223333_network-firewall_alert_ap-northeast-1_fw_202611240100_5c2f.log.gz',
      { account: '111122223333', region: 'ap-northeast-1' },
    ],
    [
      'logs/AWSLogs/o-exampleorgid/444455556666/x/us-gov-west-1/y',
      { account: '444455556666', region: 'us-gov-west-1' },
    ],
    [
      '444455556666_network-firewall_flow_us-isob-east-1_fw_x.log.gz',
      { account: '444455556666', region: 'us-isob-east-1' },
    ],
    ['eks/account=111122223333/region=eu-central-2/a.gz', { account: '111122223333', region: 'eu-central-2' }],
    ['eks/accountId=111122223333/a.gz', { account: '111122223333' }],
    ['eks-audit/2026/11/24/01/example-1-2026-11-24-01-00-00-a.gz', {}],
    ['my-west-1x/eu-firewall-1/111122223333/a', {}],
    ['', {}],
  ])('is read from %s', (key, expected) => {
    expect(placeInKey(key)).toEqual(expected);
  });
});
