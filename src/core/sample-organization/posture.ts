import { DAY, HOUR, MINUTE } from './calendar.ts';
import { accountIdOf } from './cast-accounts.ts';
import { resources } from './cast-resources.ts';
import { type CheckState, type ControlCheck, plainState } from './control-check.ts';
import { storyChecks } from './posture-story.ts';
import type { Random } from './random.ts';
import type { Resource } from './resource.ts';
import type { World } from './world.ts';

type Plan = readonly [control: string, type: string, failing: number, kept: number];

/** Share of resources that fail, and share of checks that are reported at all (a company has thousands more). */
const plans: readonly Plan[] = [
  ['Account.1', 'AWS::::Account', 0.4, 0.6],
  ['IAM.6', 'AWS::::Account', 0.35, 0.7],
  ['IAM.7', 'AWS::::Account', 0.3, 0.5],
  ['IAM.9', 'AWS::::Account', 0.1, 0.5],
  ['S3.1', 'AWS::::Account', 0.4, 0.6],
  ['GuardDuty.1', 'AWS::::Account', 0, 0.4],
  ['EC2.1', 'AWS::::Account', 0, 0.4],
  ['Inspector.1', 'AWS::::Account', 0.25, 0.4],
  ['IAM.2', 'AWS::IAM::User', 0.8, 0.8],
  ['IAM.3', 'AWS::IAM::User', 0.6, 1],
  ['IAM.8', 'AWS::IAM::User', 0.4, 0.7],
  ['EC2.2', 'AWS::EC2::SecurityGroup', 0.5, 1],
  ['EC2.3', 'AWS::EC2::Volume', 0.3, 0.6],
  ['EC2.6', 'AWS::EC2::VPC', 0.4, 1],
  ['EC2.8', 'AWS::EC2::Instance', 0.4, 0.9],
  ['EC2.9', 'AWS::EC2::Instance', 0.6, 0.7],
  ['EC2.15', 'AWS::EC2::Subnet', 0.4, 0.5],
  ['S3.2', 'AWS::S3::Bucket', 0, 0.5],
  ['S3.5', 'AWS::S3::Bucket', 0.6, 1],
  ['S3.8', 'AWS::S3::Bucket', 0.15, 0.6],
  ['S3.9', 'AWS::S3::Bucket', 0.6, 0.9],
  ['S3.13', 'AWS::S3::Bucket', 0.7, 0.8],
  ['RDS.1', 'AWS::RDS::DBSnapshot', 0.35, 1],
  ['RDS.2', 'AWS::RDS::DBInstance', 0.1, 0.8],
  ['RDS.3', 'AWS::RDS::DBInstance', 0.3, 1],
  ['RDS.5', 'AWS::RDS::DBInstance', 0.6, 0.8],
  ['RDS.6', 'AWS::RDS::DBInstance', 0.7, 0.8],
  ['RDS.8', 'AWS::RDS::DBInstance', 0.6, 0.8],
  ['RDS.13', 'AWS::RDS::DBInstance', 0.4, 0.8],
  ['Lambda.1', 'AWS::Lambda::Function', 0.08, 0.6],
  ['Lambda.2', 'AWS::Lambda::Function', 0.5, 0.9],
  ['ECR.1', 'AWS::ECR::Repository', 0.5, 1],
  ['ECR.2', 'AWS::ECR::Repository', 0.6, 0.7],
  ['ECR.3', 'AWS::ECR::Repository', 0.6, 0.8],
  ['EKS.1', 'AWS::EKS::Cluster', 1, 1],
  ['EKS.2', 'AWS::EKS::Cluster', 1, 1],
  ['EKS.8', 'AWS::EKS::Cluster', 0, 1],
  ['ELB.1', 'AWS::ElasticLoadBalancingV2::LoadBalancer', 0.4, 1],
  ['ELB.4', 'AWS::ElasticLoadBalancingV2::LoadBalancer', 0.7, 1],
  ['ELB.6', 'AWS::ElasticLoadBalancingV2::LoadBalancer', 0.6, 1],
  ['DynamoDB.2', 'AWS::DynamoDB::Table', 0.6, 1],
  ['DynamoDB.6', 'AWS::DynamoDB::Table', 0.7, 1],
  ['SNS.4', 'AWS::SNS::Topic', 0, 0.7],
  ['SQS.3', 'AWS::SQS::Queue', 0.3, 1],
  ['KMS.4', 'AWS::KMS::Key', 0.5, 1],
  ['SecretsManager.1', 'AWS::SecretsManager::Secret', 0.7, 1],
  ['CloudTrail.5', 'AWS::CloudTrail::Trail', 1, 1],
];

/** Every control check of the fourteen days, with its history. */
export function controlChecks(world: World): ControlCheck[] {
  const told = storyChecks(world);
  const taken = new Set(told.map(checkKey));
  const ordinary = plans.flatMap((plan) => checksOf(plan, world)).filter((check) => !taken.has(checkKey(check)));
  return [...told, ...ordinary.map((check) => withRecorderGap(check, world))].map((check) =>
    withConsolidatedCopy(check, world),
  );
}

function checkKey(check: Pick<ControlCheck, 'control' | 'resource'>): string {
  return `${check.control}|${check.resource.key}`;
}

function checksOf([control, type, failing, kept]: Plan, world: World): ControlCheck[] {
  const applicable = [...resources.values()].filter((resource) => resource.type === type && isThere(resource));
  return applicable.flatMap((resource): ControlCheck[] => {
    const random = world.random(`posture|${control}|${resource.key}`);
    if (control === 'EC2.2' && !resource.name.endsWith('-default')) return [];
    if (!random.chance(kept)) return [];
    const states = random.chance(failing) ? failingHistory(world, random) : passingHistory(world, random);
    return [{ control, resource, states }];
  });
}

// The new account and what intruders make are told in the story; nothing of them exists on the first day.
function isThere(resource: Resource): boolean {
  const made = ['user/svc-backup', 'instance/miner-1', 'instance/miner-2'];
  return resource.account !== accountIdOf('sandbox-hackathon') && !made.includes(resource.key);
}

function passingHistory(world: World, random: Random): CheckState[] {
  const at = firstCheck(world, random);
  if (random.chance(0.1)) {
    const later = at + random.between(2, 6) * DAY;
    return [plainState(at, 'PASSED'), plainState(later, 'FAILED', { cause: 'regressed' })];
  }
  return [plainState(at, 'PASSED')];
}

function failingHistory(world: World, random: Random): CheckState[] {
  const at = firstCheck(world, random);
  const failed = plainState(at, 'FAILED');
  const later = at + random.between(20, 170) * HOUR + random.between(0, 59) * MINUTE;
  const turn = random.next();
  if (turn < 0.24) return [failed, plainState(later, 'PASSED', { cause: 'fixed' })];
  if (turn < 0.31) return [failed, plainState(later, 'FAILED', { workflow: 'SUPPRESSED', cause: 'suppressed' })];
  if (turn < 0.4) return flips(failed, later);
  if (turn < 0.45) return [failed, plainState(later, 'NOT_AVAILABLE', { archived: true, cause: 'deleted' })];
  const refreshes = Array.from({ length: random.between(1, 3) }, (_, index) =>
    plainState(at + (index + 1) * random.between(60, 90) * HOUR, 'FAILED'),
  );
  return [failed, ...refreshes];
}

/** A ticket tool marks the finding as notified, and the next check sets it back to new although nothing changed. */
function flips(failed: CheckState, later: number): CheckState[] {
  return [
    failed,
    { ...failed, at: failed.at + 10 * MINUTE, workflow: 'NOTIFIED' },
    { ...failed, at: later, workflow: 'NEW' },
    { ...failed, at: later + 10 * MINUTE, workflow: 'NOTIFIED' },
  ];
}

// Most of what a company has failed long before; new things come one by one.
function firstCheck(world: World, random: Random): number {
  const span = random.chance(0.7) ? 2.5 * DAY : 12 * DAY;
  return world.calendar.start + 20 * MINUTE + Math.floor(random.next() * span);
}

/** While Config does not record, checks that depend on it say WARNING. */
function withRecorderGap(check: ControlCheck, world: World): ControlCheck {
  if (check.resource.account !== accountIdOf('storefront-stg')) return check;
  const stopped = world.story.beat('posture/recorder-stopped');
  const restored = world.story.beat('posture/recorder-restored');
  const before = check.states.filter((state) => state.at < stopped.at).at(-1);
  if (before === undefined || before.archived) return check;
  const random = world.random(`recorder|${checkKey(check)}`);
  const lost = plainState(stopped.at + random.between(40, 300) * MINUTE, 'WARNING', {
    cause: 'recorder-lost',
    beat: stopped.id,
  });
  const back = {
    ...before,
    at: restored.at + random.between(20, 200) * MINUTE,
    cause: 'recorder-back' as const,
    beat: restored.id,
  };
  const undisturbed = check.states.filter((state) => state.at < stopped.at || state.at > back.at);
  return { ...check, states: sorted([...undisturbed, lost, back]) };
}

/** Turning on consolidated findings makes Security Hub write every live finding anew within a day. */
function withConsolidatedCopy(check: ControlCheck, world: World): ControlCheck {
  const switched = world.story.beat('posture/consolidated-findings');
  const before = check.states.filter((state) => state.at < switched.at).at(-1);
  if (before === undefined || before.archived || before.status === 'PASSED') return check;
  const random = world.random(`consolidated|${checkKey(check)}`);
  const copy = { ...before, at: switched.at + random.between(5, 900) * MINUTE, cause: null, beat: null };
  const next = check.states.find((state) => state.at > switched.at);
  if (next !== undefined && next.at <= copy.at) return check;
  return { ...check, states: sorted([...check.states, copy]) };
}

function sorted(states: readonly CheckState[]): CheckState[] {
  return [...states].sort((a, b) => a.at - b.at);
}
