import { enFindings } from './en/findings.ts';
import { enHelp } from './en/help.ts';
import { enLake } from './en/lake.ts';
import { enMessages } from './en/messages.ts';
import { enOrganization } from './en/organization.ts';
import { enOverview } from './en/overview.ts';
import { enRouting } from './en/routing.ts';
import { enShell } from './en/shell.ts';
import { enWords } from './en/words.ts';

/** Every text of the console in English. */
export const en = {
  ...enShell,
  ...enWords,
  ...enOverview,
  ...enMessages,
  ...enFindings,
  ...enOrganization,
  ...enRouting,
  ...enLake,
  ...enHelp,
} as const;
