import { HOUR, MINUTE } from './calendar.ts';
import { accounts } from './cast-accounts.ts';
import { resourceOf } from './cast-resources.ts';
import { type CheckState, type ControlCheck, plainState } from './control-check.ts';
import type { World } from './world.ts';

/** The control checks that tell the story. */
export function storyChecks(world: World): ControlCheck[] {
  return [
    ...bastionChecks(world),
    ...bucketChecks(world),
    ...encryptionChecks(world),
    ...hackathonChecks(world),
    ...rootChecks(world),
  ];
}

function bastionChecks(world: World): ControlCheck[] {
  const resource = resourceOf('sg/payments-bastion');
  const opened = world.story.beat('leaked-key/group-opened');
  const closed = world.story.beat('leaked-key/group-closed');
  const states = (after: number): CheckState[] => [
    plainState(world.calendar.at(0, '06:20') + after, 'PASSED'),
    plainState(opened.at + 55 * MINUTE + after, 'FAILED', { cause: 'regressed', beat: opened.id }),
    plainState(closed.at + 35 * MINUTE + after, 'PASSED', { cause: 'fixed', beat: closed.id }),
  ];
  return ['EC2.19', 'EC2.18', 'EC2.13', 'EC2.14'].map((control, index) => ({
    control,
    resource,
    states: states(index * 40_000),
  }));
}

function bucketChecks(world: World): ControlCheck[] {
  const resource = resourceOf('bucket/example-data-exports');
  const opened = world.story.beat('public-bucket/made-public');
  const closed = world.story.beat('public-bucket/made-private');
  return ['S3.2', 'S3.8'].map((control, index) => ({
    control,
    resource,
    states: [
      plainState(world.calendar.at(0, '05:40') + index * 9000, 'PASSED'),
      plainState(opened.at + 29 * MINUTE + index * 31_000, 'FAILED', { cause: 'regressed', beat: opened.id }),
      plainState(closed.at + 8 * HOUR + 30 * MINUTE + index * 31_000, 'PASSED', { cause: 'fixed', beat: closed.id }),
    ],
  }));
}

/** The rollout turns one control green in account after account: the score rises. */
function encryptionChecks(world: World): ControlCheck[] {
  const rollout = world.story.beat('posture/ebs-encryption-rollout');
  return accounts
    .filter((account) => account.name !== 'sandbox-hackathon')
    .map((account, index) => ({
      control: 'EC2.7',
      resource: resourceOf(`account/${account.name}`),
      states: [
        plainState(world.calendar.at(0, '08:00') + index * 11 * MINUTE, 'FAILED'),
        plainState(rollout.at + 5 * HOUR + index * 17 * MINUTE, 'PASSED', { cause: 'fixed', beat: rollout.id }),
      ],
    }));
}

function hackathonChecks(world: World): ControlCheck[] {
  const created = world.story.beat('unowned-account/created');
  const launched = world.story.beat('unowned-account/instance-launched');
  const account = resourceOf('account/sandbox-hackathon');
  const ofAccount = ['EC2.7', 'IAM.6', 'IAM.9', 'Account.1', 'S3.1', 'IAM.7'].map((control, index) => ({
    control,
    resource: account,
    states: [plainState(created.at + 7 * HOUR + index * 4 * MINUTE, 'FAILED', { beat: created.id })],
  }));
  const ofServer = (
    [
      ['EC2.19', 'sg/hackathon-demo'],
      ['EC2.18', 'sg/hackathon-demo'],
      ['EC2.13', 'sg/hackathon-demo'],
      ['EC2.8', 'instance/hackathon-demo-1'],
      ['EC2.9', 'instance/hackathon-demo-1'],
      ['EC2.3', 'volume/hackathon-demo-1-root'],
    ] as const
  ).map(([control, key], index) => ({
    control,
    resource: resourceOf(key),
    states: [
      plainState(launched.at + 70 * MINUTE + index * 2 * MINUTE, 'FAILED', { beat: launched.id }),
      // The daily check repeats it: nothing has changed.
      plainState(launched.at + 27 * HOUR + index * 2 * MINUTE, 'FAILED', { beat: launched.id }),
    ],
  }));
  return [...ofAccount, ...ofServer];
}

function rootChecks(world: World): ControlCheck[] {
  const explained = world.story.beat('root-login/explained');
  return [
    {
      control: 'IAM.6',
      resource: resourceOf('account/shared-services'),
      states: [
        plainState(world.calendar.at(0, '07:15'), 'FAILED'),
        plainState(explained.at + 26 * HOUR, 'PASSED', { cause: 'fixed', beat: explained.id }),
      ],
    },
  ];
}
