import { expect, it } from 'vitest';
import { lakePerTest } from './lake-per-test.ts';

const newLake = lakePerTest();

const spooled = (from: string, message: string): string =>
  `${JSON.stringify({ received: Date.UTC(2026, 10, 23, 1, 2, 3), from, transport: 'udp', message })}\n`;

it('gives each line of a syslog spool to the source that knows it', async () => {
  const lake = newLake();
  lake.write(
    '20261123T010203000Z-1.syslog.ndjson',
    [
      spooled(
        '192.0.2.7:514',
        '<38>Nov 23 01:02:03 web1 sshd[812]: Failed password for root from 203.0.113.9 port 40022 ssh2',
      ),
      spooled(
        '192.0.2.1:514',
        '<189>date=2026-11-23 time=10:02:03 devname="fw1" devid="FGT60FTK00000001" eventtime=1795395723000000000 tz="+0900" logid="0000000013" type="traffic" subtype="forward" level="notice" vd="root" srcip=192.0.2.9 srcport=40000 dstip=203.0.113.9 dstport=443 proto=6 action="close" sentbyte=100 rcvdbyte=200',
      ),
      spooled('192.0.2.7:514', '<6>Nov 23 01:02:04 web1 kernel: something nobody has a mapping for'),
    ].join(''),
  );

  const summary = await lake.ingest();

  expect(summary).toMatchObject({ records: 3, written: 3, quarantined: 0, failed: [] });
  expect(await lake.ask('SELECT class_name, count(*) AS n FROM events GROUP BY 1 ORDER BY 1')).toEqual([
    { class_name: 'Authentication', n: '1' },
    { class_name: 'Base Event', n: '1' },
    { class_name: 'Network Activity', n: '1' },
  ]);
});
