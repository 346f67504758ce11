import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
const moto = process.env['YAGURA_MOTO_URL'];
const cfnLint = process.env['YAGURA_CFN_LINT'];
const chromium = process.env['YAGURA_CHROMIUM'];
// Set where every peer has to be there, so that a green run cannot be a run of skipped tests.
const required = process.env['YAGURA_REQUIRE_PEERS'] !== undefined;

describe('the peers', () => {
  it.skipIf(moto === undefined && !required)('moto answers as AWS STS', async () => {
    const answer = await fetch(`${moto}/?Action=GetCallerIdentity&Version=2011-06-15`, {
      headers: { authorization: 'AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/sts/aws4_request' },
    });

    expect(await answer.text()).toContain('<GetCallerIdentityResult>');
  });

  it.skipIf(cfnLint === undefined && !required)('cfn-lint runs', async () => {
    const { stdout } = await run(cfnLint ?? '', ['--version']);

    expect(stdout).toMatch(/^cfn-lint \d+\./);
  });

  it.skipIf(chromium === undefined && !required)('Chromium draws a page', async () => {
    const { stdout } = await run(chromium ?? '', [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--dump-dom',
      'data:text/html,<title>x</title><script>document.title = 6 * 7</script>',
    ]);

    expect(stdout).toContain('<title>42</title>');
  });
});
