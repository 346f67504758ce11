import type { SampleLogSource } from './sample-log-file.ts';

/** Records of each source at scale 1, whatever the seed. */
export const sampleLogTotals: Readonly<Record<SampleLogSource, number>> = {
  cloudtrail: 120_000,
  'vpc-flow': 260_000,
  'route53-resolver': 40_000,
  waf: 15_000,
  alb: 25_000,
  's3-access': 15_000,
  'eks-audit': 8_000,
  config: 3_000,
  'linux-auth': 8_000,
  fortigate: 8_000,
};
