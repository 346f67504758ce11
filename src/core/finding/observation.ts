import type { Severity } from '#core/finding/severity.ts';

export const FINDING_KINDS = ['guardduty', 'securityhub', 'health'] as const;
/** The kinds a team chooses channels and floors for. */
export type FindingKind = (typeof FINDING_KINDS)[number];
/** Everything the pipeline tells people about. */
export type ProblemKind = FindingKind | 'account';

declare const problemKeyBrand: unique symbol;
/** Names one problem; survives re-delivery, another bus, another standard, CSPM and V2. */
export type ProblemKey = string & { readonly [problemKeyBrand]: true };

/** Which message form shows it. */
export type Topic =
  | 'guardduty-finding'
  | 'securityhub-control'
  | 'securityhub-vulnerability'
  | 'securityhub-finding'
  | 'health-event'
  | 'account-lifecycle';

/**
 * `active` needs attention, `resolved` is over, `suppressed` was silenced at the source,
 * `undetermined` says nothing (WARNING, NOT_AVAILABLE).
 */
export type ObservedState = 'active' | 'resolved' | 'suppressed' | 'undetermined';

export type ObservedResource = {
  readonly type: string;
  readonly id: string;
  readonly name?: string;
  readonly status?: string;
};

/** Who or what acted, as far as the finding says. */
export type ObservedActor = {
  readonly ip?: string;
  readonly country?: string;
  readonly city?: string;
  readonly network?: string;
  readonly principal?: string;
  readonly accessKeyId?: string;
  readonly action?: string;
  readonly domain?: string;
};

/** One more line of a message: `label` is a key of the text catalog (`field.<label>`). */
export type ObservedFact = { readonly label: string; readonly value: string };

/** What one event says about one problem, in our words. Times are epoch ms. */
export type Observation = {
  readonly kind: ProblemKind;
  readonly topic: Topic;
  readonly key: ProblemKey;
  /** The stream and source record it came through; texts of different origins are not compared. */
  readonly origin: string;
  /** As the event gives it; null when the event names none (a public Health event). */
  readonly accountId: string | null;
  /** A name the event itself carries, used when the directory has none. */
  readonly accountNameHint?: string;
  readonly region: string;
  readonly severity: Severity;
  /** False when the event carried none and `severity` is a guess. */
  readonly severityStated: boolean;
  readonly state: ObservedState;
  /** A record that was archived without a pass: another record of the same problem (of another standard) may still stand. */
  readonly onlyArchived?: true;
  /** Orders copies of the same problem: a smaller value never overwrites a larger one. */
  readonly updatedAt: number;
  /** When AWS passed it on: tells which of two states with the same `updatedAt` is the later one. */
  readonly passedOnAt?: number;
  /** What AWS said, where that lies too far ahead to be true and `updatedAt` is the time of arrival instead. */
  readonly statedAt?: number | null;
  readonly firstSeenAt: number | null;
  readonly lastSeenAt: number | null;
  /** GuardDuty's count. */
  readonly count: number | null;
  /** The source's own word: GuardDuty type, control id, Health event type code, lifecycle event name. */
  readonly type: string;
  readonly product: string;
  readonly title: string;
  readonly description: string;
  readonly advice: { readonly text: string | null; readonly url: string | null };
  readonly resources: readonly ObservedResource[];
  /** How many resources the source named; `resources` keeps at most MAX_RESOURCES of them. */
  readonly resourceCount: number;
  readonly actor: ObservedActor | null;
  readonly sample: boolean;
  readonly sourceUrl: string | null;
  readonly facts: readonly ObservedFact[];
  /** Health: the communication without its page suffix. A new one is always news. */
  readonly communication?: string;
  /** Health: the pages of that communication seen so far, so that a copy of a page counts nothing twice. */
  readonly pages?: readonly number[];
  /** Health: a public event without affected account concerns nobody's account in particular. */
  readonly isPublic?: boolean;
  /** Values whose change a reader would want to know, whatever the origin (status, start, end …). */
  readonly marks: Readonly<Record<string, string>>;
};

/** Enough for any message; the raw event keeps the rest. */
export const MAX_RESOURCES = 100;
