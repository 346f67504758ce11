import { describe, expect, it } from 'vitest';
import { notifyCommand } from '#apps/cli/notify-command.ts';
import { previewDirectory } from '#apps/cli/preview-directory.ts';
import { runProgram } from '#apps/cli/program.ts';
import type { Config } from '#core/config/config-schema.ts';
import { parseConfig } from '#core/config/parse-config.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';
import type { AccountId } from '#core/organization/account.ts';
import type { DirectorySource } from '#ports/directory-source.ts';
import { awsEvent } from '../../../test/stand-ins/events/aws-events.ts';
import { folderWith } from '../../../test/stand-ins/terminal.ts';
import { createSkippingSleeper, TEST_EPOCH } from '../../../test/stand-ins/time.ts';

const TEAMS =
  'teams: { web: { name: Web, slack: { guardduty: "#web" } } }\ncentral: { slack: { guardduty: "#sec" } }\n';
const FILE_ONLY = `organization: { accounts: [{ id: "111122223333", name: of-the-file, team: web }] }\n${TEAMS}`;
const WITH_AWS = FILE_ONLY.replace('organization: {', 'organization: { aws: {}, ous: { Prod: { team: web } },');

const FOUND = '555566667777';
const organization: DirectorySource = {
  read: async () => ({
    managementAccount: '999900001111',
    accounts: [
      // The brand says no more than its twelve digits.
      { id: FOUND as AccountId, name: 'of-aws', email: 'a@example.com', status: 'ACTIVE', ou: 'Prod', tags: {} },
    ],
    readAt: TEST_EPOCH,
  }),
};
const silent: DirectorySource = {
  read: async () => {
    throw new YaguraError('directory.unavailable', 'ListRoots was refused \u001b[31m(AccessDenied).');
  },
};

function configOf(text: string): Config {
  const { config } = parseConfig(text);
  if (config === undefined) throw new Error('the configuration is not valid');
  return config;
}

/** Runs the command on one finding of the account; `asked` are the configurations for which a source was wanted. */
async function preview(yaml: string, source: DirectorySource, account: string) {
  const cwd = folderWith({
    'yagura.yaml': yaml,
    'a.json': JSON.stringify(awsEvent({ of: 'guardduty', set: { 'detail.severity': 8, 'detail.accountId': account } })),
  });
  const said = { out: '', err: '' };
  const terminal = {
    out: (text: string) => {
      said.out += text;
    },
    err: (text: string) => {
      said.err += text;
    },
    env: {},
    cwd,
  };
  let reads = 0;
  const command = notifyCommand(terminal, (config) =>
    config.organization.aws === undefined
      ? undefined
      : {
          read: () => {
            reads += 1;
            return source.read();
          },
        },
  );
  const code = await runProgram(command, ['preview', '--format', 'json', 'a.json'], terminal);
  // What the command prints is its own form.
  const entries = JSON.parse(said.out) as {
    account: { name: string | null; ou: string | null };
    team: string | null;
    destination: { channel: string };
    message: { text: string };
  }[];
  return { code, err: said.err, reads, entries };
}

describe('yagura notify preview with organization.aws', () => {
  it('knows the accounts and owners that AWS Organizations tells of', async () => {
    const { code, err, reads, entries } = await preview(WITH_AWS, organization, FOUND);

    expect({ code, err, reads }).toEqual({ code: 0, err: '', reads: 1 });
    expect(entries[0]).toMatchObject({
      account: { name: 'of-aws', ou: 'Prod' },
      team: 'web',
      destination: { channel: '#web' },
      message: { text: expect.stringContaining(`of-aws (${FOUND})`) },
    });
  });

  it('goes on with the accounts of the file when AWS does not answer, and says so', async () => {
    const { code, err, entries } = await preview(WITH_AWS, silent, '111122223333');

    expect(code).toBe(0);
    expect(err).toContain('AWS Organizations could not be read: ListRoots was refused');
    expect(err).toContain('Only the 1 account of the file is known here.');
    expect(err).not.toContain('\u001b');
    expect(entries[0]).toMatchObject({ account: { name: 'of-the-file' }, team: 'web' });
  });

  it('asks AWS nothing when the configuration does not say so', async () => {
    const { code, err, reads, entries } = await preview(FILE_ONLY, silent, '111122223333');

    expect({ code, err, reads }).toEqual({ code: 0, err: '', reads: 0 });
    expect(entries[0]).toMatchObject({ account: { name: 'of-the-file' }, team: 'web' });
  });

  it('does not wait for ever', async () => {
    const errors: string[] = [];
    const never: DirectorySource = { read: () => new Promise(() => undefined) };

    const directory = await previewDirectory(
      configOf(WITH_AWS),
      never,
      { err: (text) => errors.push(text) },
      createSkippingSleeper(),
    );

    expect(directory.find('111122223333')?.name).toBe('of-the-file');
    expect(errors.join('')).toContain('no answer within 60 seconds');
  });
});
