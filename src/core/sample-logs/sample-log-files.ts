import { albFiles } from './alb-files.ts';
import { cloudTrailFiles } from './cloudtrail-files.ts';
import { configFiles } from './config-files.ts';
import { eksAuditFiles } from './eks-audit-files.ts';
import { flowFiles } from './flow-files.ts';
import { fortigateFiles } from './fortigate-files.ts';
import { linuxAuthFiles } from './linux-auth-files.ts';
import { createLogWorld } from './log-world.ts';
import { resolverFiles } from './resolver-files.ts';
import { s3AccessFiles } from './s3-access-files.ts';
import type { SampleLogFile } from './sample-log-file.ts';
import { wafFiles } from './waf-files.ts';

export type SampleLogOptions = {
  readonly seed: number;
  /** End of the fourteen days, in milliseconds since 1970. */
  readonly end: number;
  readonly days: 14;
  /** Share of the ordinary records; the story is always whole. 1 unless told. */
  readonly scale?: number;
};

const SOURCES = [
  cloudTrailFiles,
  flowFiles,
  resolverFiles,
  wafFiles,
  albFiles,
  s3AccessFiles,
  eksAuditFiles,
  configFiles,
  linuxAuthFiles,
  fortigateFiles,
];

/**
 * The raw logs of the sample organization, written one file at a time in the order in which they are delivered.
 * They tell the story of `sampleOrganization` with the same seed and end; the same options give the same bytes.
 */
export function* sampleLogFiles({ seed, end, scale = 1 }: SampleLogOptions): Generator<SampleLogFile> {
  const world = createLogWorld(seed, end, scale);
  const jobs = SOURCES.flatMap((filesOf) => filesOf(world)).sort((a, b) => a.at - b.at);
  for (const job of jobs) yield job.build();
}
