import { stableHex, stableUuid } from '#core/sample-organization/random.ts';
import { lettersText } from './id-text.ts';
import { laneJobs } from './lane.ts';
import type { LogWorld } from './log-world.ts';
import type { FileJob } from './sample-log-file.ts';
import { sampleLogTotals } from './sample-log-totals.ts';
import { dayPath, isoMicros, minuteStamp } from './time-text.ts';
import { webLane } from './web-lane.ts';
import { type Site, sites, type WebRequest } from './web-requests.ts';

/** Access logs of every Application Load Balancer. */
export function albFiles(world: LogWorld): FileJob[] {
  const lanes = Object.values(sites).map((site) => {
    const { account, region, name, id } = site.balancer;
    const random = world.random(`alb-files|${name}`);
    const prefix = `${account}_elasticloadbalancing_${region}_app.${id.replace('/', '.')}`;
    return webLane(world, site, albWriter(site), ({ until, lines }) => ({
      key: `AWSLogs/${account}/elasticloadbalancing/${region}/${dayPath(until)}/${prefix}_${minuteStamp(until)}_192.0.2.${220 + name.length}_${lettersText(random, 8)}.log.gz`,
      content: `${lines.join('\n')}\n`,
      gzip: true,
    }));
  });
  return laneJobs('alb', Math.round(sampleLogTotals.alb * world.scale), lanes);
}

function albWriter(site: Site): (request: WebRequest) => string {
  const { account, region, name, id } = site.balancer;
  const group = `arn:aws:elasticloadbalancing:${region}:${account}:targetgroup/${name}/${stableHex(`target-group|${name}`, 16)}`;
  const certificate = `arn:aws:acm:${region}:${account}:certificate/${stableUuid(`certificate|${site.host}`)}`;
  return (request) => {
    const { at, status, targetStatus } = request;
    // The trace id is as good as random, and the same in both logs.
    const chance = Number.parseInt(request.trace.slice(-6), 16);
    const isBlocked = request.blockedBy !== null;
    const isLate = !isBlocked && targetStatus === null;
    const took = isBlocked
      ? '-1 -1 -1'
      : isLate
        ? '0.001 -1 -1'
        : `0.001 0.${String(4 + (chance % 180)).padStart(3, '0')} 0.000`;
    const target = isBlocked ? '-' : request.target;
    const targetAnswer = targetStatus === null ? '-' : String(targetStatus);
    const sizes = `${220 + (chance % 700)} ${status < 400 ? 600 + (chance % 64_000) : 520}`;
    const url = `https://${site.host}:443${request.path}${request.query === '' ? '' : `?${request.query}`}`;
    const agent = request.agent === '' ? '-' : request.agent;
    const done = isBlocked ? 'waf' : site.hasFirewall ? 'waf,forward' : 'forward';
    return `h2 ${isoMicros(at, chance % 1000)} app/${id} ${request.client}:${request.clientPort} ${target} ${took} ${status} ${targetAnswer} ${sizes} "${request.method} ${url} HTTP/2.0" "${agent}" TLS_AES_128_GCM_SHA256 TLSv1.3 ${group} "${request.trace}" "${site.host}" "${certificate}" 0 ${isoMicros(at - 5, chance % 1000)} "${done}" "-" "-" "${target}" "${targetAnswer}" "-" "-" TID_${request.trace.slice(-24)}`;
  };
}
