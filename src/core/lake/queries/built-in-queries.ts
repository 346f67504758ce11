import * as activity from '#core/lake/queries/activity-queries.ts';
import type { BuiltInQuery } from '#core/lake/queries/built-in-query.ts';
import * as identity from '#core/lake/queries/identity-queries.ts';
import * as network from '#core/lake/queries/network-queries.ts';
import * as web from '#core/lake/queries/web-queries.ts';

/** The questions that the lake comes with. */
export const builtInQueries: readonly BuiltInQuery[] = [activity, identity, network, web].flatMap((found) =>
  Object.values(found),
);
