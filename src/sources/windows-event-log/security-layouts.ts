import { accessLayouts } from './access-layouts.ts';
import { accountLayouts } from './account-layouts.ts';
import type { EventLayout } from './event-layout.ts';
import { logonLayouts } from './logon-layouts.ts';

/** Events of the Security channel that have a class in OCSF 1.1.0, by their number. */
export const securityLayouts: Readonly<Record<string, EventLayout>> = {
  ...logonLayouts,
  ...accountLayouts,
  ...accessLayouts,
};
