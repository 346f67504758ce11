import { jaFindings } from './ja/findings.ts';
import { jaHelp } from './ja/help.ts';
import { jaLake } from './ja/lake.ts';
import { jaMessages } from './ja/messages.ts';
import { jaOrganization } from './ja/organization.ts';
import { jaOverview } from './ja/overview.ts';
import { jaRouting } from './ja/routing.ts';
import { jaShell } from './ja/shell.ts';
import { jaWords } from './ja/words.ts';
import type { Texts } from './text-types.ts';

/** Every text of the console in Japanese. */
export const ja: Texts = {
  ...jaShell,
  ...jaWords,
  ...jaOverview,
  ...jaMessages,
  ...jaFindings,
  ...jaOrganization,
  ...jaRouting,
  ...jaLake,
  ...jaHelp,
};
