import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A configuration with channels, an Amazon Q topic and a deployment of three Regions. */
export const channelsConfig = `
teams:
  payments:
    name: 決済チーム
    language: ja
    slack: { guardduty: "#payments-guardduty", health: { amazonQ: "arn:aws:sns:ap-northeast-1:444455556666:payments" } }
central:
  slack: { guardduty: "#sec-guardduty", securityhub: "#sec-securityhub" }
deployment:
  homeRegion: ap-northeast-1
  regions: [ap-northeast-1, eu-west-1]
  hubAccount: "444455556666"
  managementAccount: "777788889999"
  organizationId: o-exampleorgid
  alarmEmail: soc@example.com
`;

/** Writes the text as yagura.yaml into a folder of its own. */
export function configFile(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'yagura-deploy-')), 'yagura.yaml');
  writeFileSync(file, text);
  return file;
}
