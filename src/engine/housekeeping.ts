import type { DecisionContext } from '#core/notification/decide.ts';
import { type AnnouncementReport, keepAnnouncements } from '#engine/account-announcements.ts';
import type { DeliveryPorts } from '#engine/delivery/delivery-ports.ts';
import { recoverClaims } from '#engine/delivery/recover.ts';
import { tellUncovered } from '#engine/ended-exceptions.ts';
import type { ActionPorts } from '#engine/problem-actions.ts';

/** A claim older than this was left by a crash. */
const STALE_MS = 120_000;

export type HousekeepingReport = AnnouncementReport & {
  readonly uncovered: number;
  readonly recognised: number;
  readonly requeued: number;
};

/** What has to happen without any event: ended exceptions tell again, new accounts are asked for until they have an owner, crashed deliveries are settled. */
export async function housekeeping(
  context: DecisionContext,
  ports: ActionPorts,
  delivery: DeliveryPorts,
): Promise<HousekeepingReport> {
  // First, because a claim that was left holds up a whole destination.
  const { recognised, requeued } = await recoverClaims(context.now - STALE_MS, delivery);
  const uncovered = await tellUncovered(context, ports);
  const announcements = await keepAnnouncements(context, ports);
  return { uncovered, ...announcements, recognised, requeued };
}
