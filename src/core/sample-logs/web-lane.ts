import type { Lane } from './lane.ts';
import type { LogWorld } from './log-world.ts';
import { rhythms } from './rhythm.ts';
import { type Site, type WebRequest, webRequests } from './web-requests.ts';

/** A lane over the requests of a site. Lanes of the same site see the same requests at the same moments. */
export function webLane(world: LogWorld, site: Site, text: (request: WebRequest) => string, file: Lane['file']): Lane {
  return {
    from: world.start,
    until: world.end,
    weight: site.share,
    hoursPerFile: 12,
    rhythm: rhythms.shoppers,
    story: [],
    random: world.random(`web-moments|${site.host}`),
    ordinary: () => {
      const next = webRequests(world, site);
      return (at) => text(next(at));
    },
    file,
  };
}
