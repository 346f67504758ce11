import type { Observation } from '#core/finding/observation.ts';
import type { Outcome } from '#core/finding/outcome.ts';
import { isAccountLifecycle, observeAccountLifecycle } from '#core/intake/account-lifecycle.ts';
import { type Envelope, readEnvelope } from '#core/intake/envelope.ts';
import { at, type Fields, fields, list } from '#core/intake/fields.ts';
import { observeGuardDuty } from '#core/intake/guardduty.ts';
import { observeHealth } from '#core/intake/health.ts';
import { observeAsff } from '#core/intake/security-hub-asff.ts';
import { observeV2 } from '#core/intake/security-hub-v2.ts';

/** What one event came to: findings, and what could not be used of it. */
export type Reading = {
  readonly detailType: string;
  readonly observations: readonly Observation[];
  /** `unknown-kind`: no business of this program; `not-understood`: ours, but broken. Both are kept. */
  readonly unused: readonly { readonly kind: 'unknown-kind' | 'not-understood'; readonly detail: string }[];
  readonly envelope: Envelope | null;
};

/** Reads one EventBridge event of any kind; never throws, whatever the event is. */
export function observe(event: unknown): Reading {
  const envelope = readEnvelope(event);
  if ('missing' in envelope)
    return {
      detailType: 'none',
      observations: [],
      unused: [{ kind: 'not-understood', detail: envelope.missing }],
      envelope: null,
    };
  switch (envelope.detailType) {
    case 'GuardDuty Finding':
      return collected(envelope, [observeGuardDuty(envelope)]);
    case 'Security Hub Findings - Imported':
    case 'Security Hub Findings - Custom Action':
      return each(envelope, list(envelope.detail, 'findings'), observeAsff);
    case 'Findings Imported V2':
      return each(envelope, v2Findings(envelope.detail), observeV2);
    case 'AWS Health Event':
    case 'AWS Health Abuse Event':
      return collected(envelope, [observeHealth(envelope)]);
    default:
      return other(envelope);
  }
}

function other(envelope: Envelope): Reading {
  if (!isAccountLifecycle(envelope))
    return {
      detailType: envelope.detailType,
      observations: [],
      unused: [{ kind: 'unknown-kind', detail: envelope.detailType }],
      envelope,
    };
  const observation = observeAccountLifecycle(envelope);
  const unused =
    observation === undefined
      ? [{ kind: 'unknown-kind' as const, detail: 'a lifecycle event that names no account or was refused' }]
      : [];
  return {
    detailType: envelope.detailType,
    observations: observation === undefined ? [] : [observation],
    unused,
    envelope,
  };
}

function each(
  envelope: Envelope,
  findings: readonly unknown[],
  read: (finding: Fields, envelope: Envelope) => Outcome<Observation>,
): Reading {
  if (findings.length === 0)
    return collected(envelope, [{ ok: false, reason: 'schema', detail: 'detail.findings is empty or missing' }]);
  return collected(
    envelope,
    findings.map((finding, index) => {
      const object = fields(finding);
      return object === undefined
        ? { ok: false, reason: 'schema', detail: `detail.findings[${index}] is not an object` }
        : read(object, envelope);
    }),
  );
}

function collected(envelope: Envelope, outcomes: readonly Outcome<Observation>[]): Reading {
  return {
    detailType: envelope.detailType,
    observations: outcomes.flatMap((outcome) => (outcome.ok ? [outcome.value] : [])),
    unused: outcomes.flatMap((outcome) =>
      outcome.ok ? [] : [{ kind: 'not-understood' as const, detail: outcome.detail }],
    ),
    envelope,
  };
}

/** The findings stand in `detail.findings`; a bare finding as detail is taken as well. */
function v2Findings(detail: Fields): readonly unknown[] {
  const found = list(detail, 'findings');
  return found.length === 0 && at(detail, 'finding_info') !== undefined ? [detail] : found;
}
