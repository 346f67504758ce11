export const SEVERITIES = ['INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const;
export type Severity = (typeof SEVERITIES)[number];

const RANK: Readonly<Record<Severity, number>> = { INFORMATIONAL: 0, LOW: 1, MEDIUM: 2, HIGH: 3, CRITICAL: 4 };

/** 0 (INFORMATIONAL) to 4 (CRITICAL). */
export function severityRank(severity: Severity): number {
  return RANK[severity];
}

/** True when `severity` is at least `floor`. */
export function reaches(severity: Severity, floor: Severity): boolean {
  return RANK[severity] >= RANK[floor];
}

/** The band of a GuardDuty severity number: 1.0-3.9 LOW, 4.0-6.9 MEDIUM, 7.0-8.9 HIGH, 9.0 and above CRITICAL. */
export function guardDutySeverity(value: number): Severity {
  if (value >= 9) return 'CRITICAL';
  if (value >= 7) return 'HIGH';
  if (value >= 4) return 'MEDIUM';
  return 'LOW';
}

/** The band of ASFF `Severity.Normalized`: 0, 1-39, 40-69, 70-89, 90-100. */
export function normalizedSeverity(value: number): Severity {
  if (value >= 90) return 'CRITICAL';
  if (value >= 70) return 'HIGH';
  if (value >= 40) return 'MEDIUM';
  return value >= 1 ? 'LOW' : 'INFORMATIONAL';
}

/** The severity a word names, whatever its case, or undefined. */
export function severityNamed(word: unknown): Severity | undefined {
  if (typeof word !== 'string') return undefined;
  const upper = word.toUpperCase();
  return SEVERITIES.find((severity) => severity === upper);
}

/** OCSF `severity_id`: 1 Informational, 2 Low, 3 Medium, 4 High, 5 Critical, 6 Fatal; 0 and 99 say nothing. */
export function ocsfSeverity(id: unknown): Severity | undefined {
  if (typeof id !== 'number' || id < 1 || id > 6) return undefined;
  return SEVERITIES[Math.min(id, 5) - 1];
}
