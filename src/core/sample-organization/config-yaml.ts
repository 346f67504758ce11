import { accounts, teams } from './cast-accounts.ts';

const KINDS = ['guardduty', 'securityhub', 'health'] as const;

/** The `yagura.yaml` of the sample organization. */
export function sampleConfigYaml(): string {
  return [
    '# The sample organization: every name, id and address in it is made up.',
    'organization:',
    '  name: Yagura Sample',
    '  accounts:',
    ...accounts.map((account) => `    - ${accountEntry(account)}`),
    'teams:',
    ...teams.flatMap((team) => [
      `  ${team.id}:`,
      `    name: ${team.name}`,
      `    language: ${team.language}`,
      `    slack: { ${KINDS.map((kind) => `${kind}: "#${team.id}-${kind}"`).join(', ')} }`,
      ...floors(team.minimumSeverity),
    ]),
    'central:',
    '  language: en',
    '  slack: { guardduty: "#sec-guardduty", securityhub: "#sec-securityhub", health: "#soc-health" }',
    '  minimumSeverity: { securityhub: CRITICAL }',
    '',
  ].join('\n');
}

function accountEntry(account: (typeof accounts)[number]): string {
  const parts = [
    `id: "${account.id}"`,
    `name: ${account.name}`,
    `ou: ${account.ou}`,
    `environment: ${account.environment}`,
    ...(account.team === null ? [] : [`team: ${account.team}`]),
  ];
  return `{ ${parts.join(', ')} }`;
}

function floors(minimum: Readonly<Record<string, string>>): string[] {
  const parts = Object.entries(minimum).map(([kind, severity]) => `${kind}: ${severity}`);
  return parts.length === 0 ? [] : [`    minimumSeverity: { ${parts.join(', ')} }`];
}
