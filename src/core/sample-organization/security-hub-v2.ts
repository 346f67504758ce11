import { MINUTE, SECOND } from './calendar.ts';
import type { CheckState, ControlCheck } from './control-check.ts';
import { controlFact } from './control-facts.ts';
import { importedV2, type OcsfFinding, ocsfResource } from './ocsf.ts';
import { stableHex, stableIndex, stableUuid } from './random.ts';
import { standardIds } from './security-hub-controls.ts';
import type { SampleEvent } from './types.ts';

const STATUS = {
  PASSED: ['Pass', 1],
  FAILED: ['Fail', 3],
  WARNING: ['Warning', 2],
  NOT_AVAILABLE: ['Unknown', 0],
} as const;

/** Control findings once more, as the new Security Hub sends them. */
export function controlEventsV2(checks: readonly ControlCheck[]): SampleEvent[] {
  return checks.filter(isSent).flatMap((check) =>
    check.states.map((state, index) => {
      const label = `${check.control}|${check.resource.key}|${index}`;
      const time = state.at + MINUTE + stableIndex(label, 100) * SECOND;
      return importedV2(toOcsf(check, state, index), time, state.beat, label);
    }),
  );
}

function isSent(check: ControlCheck): boolean {
  const told = check.states.some((state) => state.beat !== null);
  return told || stableIndex(`v2|${check.control}|${check.resource.key}`, 5) === 0;
}

function toOcsf(check: ControlCheck, state: CheckState, index: number): OcsfFinding {
  const { resource } = check;
  const { account, region } = resource;
  const fact = controlFact(check.control);
  const [status, statusId] = STATUS[state.status];
  const uuid = stableUuid(`control-finding|consolidated|${fact.id}|${resource.key}`);
  const first = check.states[0]?.at ?? state.at;
  return {
    class: 'compliance',
    product: 'aws/securityhub',
    productName: 'Security Hub',
    uid: `arn:aws:securityhub:${region}:${account}:security-control/${fact.id}/finding/${uuid}`,
    account,
    region,
    title: fact.title,
    description: fact.description,
    types: ['Software and Configuration Checks/Industry and Regulatory Standards', 'Posture Management'],
    label: state.status === 'PASSED' ? 'INFORMATIONAL' : fact.severity,
    status: state.archived ? 'RESOLVED' : state.workflow,
    activity: state.archived ? 'Close' : index === 0 ? 'Create' : 'Update',
    firstSeenAt: first,
    lastSeenAt: state.at,
    createdAt: first,
    modifiedAt: state.at,
    info: {
      analytic: {
        category: 'AWS::Config::ConfigRule',
        name: `securityhub-${fact.configRule}-${stableHex(`rule|${account}|${fact.id}`, 8)}`,
        type: 'Rule',
        type_id: 1,
      },
    },
    resources: [ocsfResource(resource)],
    more: {
      compliance: {
        control: fact.id,
        standards: standardIds(fact, 'consolidated'),
        status,
        status_id: statusId,
      },
      remediation: {
        desc: 'The Security Hub documentation of this control says how to correct it.',
        references: [`https://docs.aws.amazon.com/console/securityhub/${fact.id}/remediation`],
      },
    },
  };
}
