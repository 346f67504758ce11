import { type AsffFinding, asff, asffResource, imported } from './asff.ts';
import { isoMillis, SECOND } from './calendar.ts';
import { adminAccount, HOME_REGION } from './cast-accounts.ts';
import { instanceNamed, securityGroups } from './cast-instances.ts';
import type { CheckState, ControlCheck } from './control-check.ts';
import { type ControlFact, controlFact } from './control-facts.ts';
import { delivered } from './envelope.ts';
import { instanceResource } from './guardduty-asff.ts';
import { launchedAt } from './launch.ts';
import { stableHex, stableIndex, stableUuid } from './random.ts';
import type { Json, JsonObject, SampleEvent } from './types.ts';
import type { World } from './world.ts';

const FSBP = 'aws-foundational-security-best-practices/v/1.0.0';
const CIS = 'cis-aws-foundations-benchmark/v/1.2.0';
const CONTROL_TYPE = 'Software and Configuration Checks/Industry and Regulatory Standards';

type Shape = 'consolidated' | 'fsbp' | 'cis';

/** The control findings: one per standard before consolidated findings are turned on, one for all after that. */
export function controlEvents(checks: readonly ControlCheck[], world: World): SampleEvent[] {
  const switchedAt = world.story.beat('posture/consolidated-findings').at;
  return checks.flatMap((check) =>
    check.states.flatMap((state, index) =>
      shapesAt(check, state, switchedAt).flatMap((shape) => {
        const label = `${check.control}|${check.resource.key}|${shape}|${index}`;
        return imported({
          finding: controlFinding(check, index, shape, world),
          time: state.at + (8 + stableIndex(label, 50)) * SECOND,
          beat: state.beat,
          label,
          alsoFromMember: stableIndex(`${check.control}|${check.resource.key}`, 6) === 0,
        });
      }),
    ),
  );
}

/** Somebody presses a custom action of Security Hub on a finding. */
export function customActionEvents(checks: readonly ControlCheck[], world: World): SampleEvent[] {
  return ['EC2.19|sg/hackathon-demo', 'S3.2|bucket/example-data-exports'].flatMap((wanted, index) => {
    const check = checks.find((candidate) => `${candidate.control}|${candidate.resource.key}` === wanted);
    const position = check?.states.findIndex((state) => state.status === 'FAILED') ?? -1;
    const state = check?.states[position];
    if (check === undefined || state === undefined) return [];
    return [
      delivered({
        time: state.at + (index + 1) * 95 * 60 * SECOND,
        source: 'aws.securityhub',
        detailType: 'Security Hub Findings - Custom Action',
        account: adminAccount,
        region: HOME_REGION,
        resources: [`arn:aws:securityhub:${HOME_REGION}:${adminAccount}:action/custom/SendToSoc`],
        detail: {
          actionName: 'Send to SOC',
          actionDescription: 'Hands the finding to the SOC',
          findings: [asff(controlFinding(check, position, 'consolidated', world))],
        },
        beat: state.beat,
        label: `custom-action|${wanted}`,
      }),
    ];
  });
}

function shapesAt(check: ControlCheck, state: CheckState, switchedAt: number): Shape[] {
  if (state.at >= switchedAt) return ['consolidated'];
  const fact = controlFact(check.control);
  return [...(fact.fsbp ? (['fsbp'] as const) : []), ...(fact.cis === null ? [] : (['cis'] as const))];
}

/** The finding of a check in its nth state. */
function controlFinding(check: ControlCheck, index: number, shape: Shape, world: World): AsffFinding {
  const { resource } = check;
  const fact = controlFact(check.control);
  const state = check.states[index];
  if (state === undefined) throw new RangeError(`check ${check.control} has no state ${index}`);
  const first = check.states[0]?.at ?? state.at;
  const label = state.status === 'PASSED' ? 'INFORMATIONAL' : fact.severity;
  return {
    ...identity(check, fact, shape),
    product: 'aws/securityhub',
    productName: 'Security Hub',
    companyName: 'AWS',
    account: resource.account,
    region: resource.region,
    firstObservedAt: first,
    lastObservedAt: state.at - 2 * SECOND,
    createdAt: first,
    updatedAt: state.at,
    label,
    severity: { Original: label },
    description: fact.description,
    remediation: {
      text: 'The Security Hub documentation of this control says how to correct it.',
      url: `https://docs.aws.amazon.com/console/securityhub/${fact.id}/remediation`,
    },
    productFields: productFields(check, index, fact, shape),
    resources: [resourceEntry(check, state, world)],
    workflow: state.workflow,
    recordState: state.archived ? 'ARCHIVED' : 'ACTIVE',
    more: { Compliance: compliance(fact, state, shape), ...note(state) },
  };
}

function identity(check: ControlCheck, fact: ControlFact, shape: Shape) {
  const { account, region, key } = check.resource;
  const uuid = stableUuid(`control-finding|${shape}|${fact.id}|${key}`);
  const arn = `arn:aws:securityhub:${region}:${account}`;
  switch (shape) {
    case 'consolidated':
      return {
        id: `${arn}:security-control/${fact.id}/finding/${uuid}`,
        generatorId: `security-control/${fact.id}`,
        title: fact.title,
        types: [CONTROL_TYPE],
      };
    case 'fsbp':
      return {
        id: `${arn}:subscription/${FSBP}/${fact.id}/finding/${uuid}`,
        generatorId: `${FSBP}/${fact.id}`,
        title: `${fact.id} ${fact.title}`,
        types: [`${CONTROL_TYPE}/AWS-Foundational-Security-Best-Practices`],
      };
    case 'cis':
      return {
        id: `${arn}:subscription/${CIS}/${fact.cis}/finding/${uuid}`,
        generatorId: `arn:aws:securityhub:::ruleset/${CIS}/rule/${fact.cis}`,
        title: `${fact.cis} ${fact.title}`,
        types: [`${CONTROL_TYPE}/CIS AWS Foundations Benchmark`],
      };
  }
}

function productFields(check: ControlCheck, index: number, fact: ControlFact, shape: Shape): Record<string, string> {
  const { account, region, arn } = check.resource;
  const previous = check.states[index - 1];
  const fields = {
    'RelatedAWSResources:0/name': `securityhub-${fact.configRule}-${stableHex(`rule|${account}|${fact.id}`, 8)}`,
    'RelatedAWSResources:0/type': 'AWS::Config::ConfigRule',
    'Resources:0/Id': arn,
    ...(previous === undefined ? {} : { PreviousComplianceStatus: previous.status }),
  };
  const subscription = `arn:aws:securityhub:${region}:${account}`;
  const recommendationUrl = `https://docs.aws.amazon.com/console/securityhub/${fact.id}/remediation`;
  if (shape === 'fsbp') {
    return {
      StandardsArn: `arn:aws:securityhub:::standards/${FSBP}`,
      StandardsSubscriptionArn: `${subscription}:subscription/${FSBP}`,
      ControlId: fact.id,
      RecommendationUrl: recommendationUrl,
      StandardsControlArn: `${subscription}:control/${FSBP}/${fact.id}`,
      ...fields,
    };
  }
  if (shape === 'cis') {
    return {
      StandardsGuideArn: `arn:aws:securityhub:::ruleset/${CIS}`,
      StandardsGuideSubscriptionArn: `${subscription}:subscription/${CIS}`,
      RuleId: fact.cis ?? '',
      RecommendationUrl: recommendationUrl,
      StandardsControlArn: `${subscription}:control/${CIS}/${fact.cis}`,
      ...fields,
    };
  }
  return fields;
}

function compliance(fact: ControlFact, state: CheckState, shape: Shape): JsonObject {
  const standards = standardIds(fact, shape);
  return {
    Status: state.status,
    SecurityControlId: fact.id,
    AssociatedStandards: standards.map((StandardsId) => ({ StandardsId })),
    ...(fact.cis === null || shape === 'fsbp'
      ? {}
      : { RelatedRequirements: [`CIS AWS Foundations Benchmark v1.2.0/${fact.cis}`] }),
    ...statusReasons(state),
  };
}

/** The enabled standards that carry a control, as Security Hub names them. */
export function standardIds(fact: ControlFact, shape: Shape): string[] {
  return [
    ...(fact.fsbp && shape !== 'cis' ? [`standards/${FSBP}`] : []),
    ...(fact.cis !== null && shape !== 'fsbp' ? [`ruleset/${CIS}`] : []),
  ];
}

function statusReasons(state: CheckState): Record<string, Json> {
  if (state.status === 'WARNING') {
    return {
      StatusReasons: [
        {
          ReasonCode: 'NO_AVAILABLE_CONFIGURATION_RECORDER',
          Description: 'AWS Config does not record in this account and Region, so the check has nothing to look at.',
        },
      ],
    };
  }
  if (state.status === 'NOT_AVAILABLE') {
    return {
      StatusReasons: [
        { ReasonCode: 'CONFIG_EVALUATIONS_EMPTY', Description: 'The resource is gone, or the rule does not apply.' },
      ],
    };
  }
  return {};
}

function note(state: CheckState): Record<string, Json> {
  if (state.workflow !== 'SUPPRESSED') return {};
  return {
    Note: {
      Text: 'Accepted until the next review.',
      UpdatedBy: 'k.suzuki@example.com',
      UpdatedAt: isoMillis(state.at),
    },
  };
}

function resourceEntry(check: ControlCheck, state: CheckState, world: World): JsonObject {
  const { resource } = check;
  if (resource.type === 'AWS::EC2::Instance') {
    const instance = instanceNamed(resource.name);
    return instanceResource(instance, launchedAt(world.story, instance));
  }
  const group = securityGroups.find((candidate) => candidate.key === resource.key);
  if (group === undefined) return asffResource(resource);
  const opened = group.name === 'payments-bastion' && state.status === 'FAILED';
  const extra = opened ? [22, 3389].map((port) => ({ from: port, to: port, source: '0.0.0.0/0' })) : [];
  return asffResource(group, {
    GroupName: group.name,
    GroupId: group.id,
    OwnerId: group.account,
    IpPermissions: [...group.ingress, ...extra].map((rule) => ({
      IpProtocol: 'tcp',
      FromPort: rule.from,
      ToPort: rule.to,
      IpRanges: [{ CidrIp: rule.source }],
    })),
  });
}
