import type { Container } from '#apps/lambda/container.ts';

const NAME = 'ParkedDeliveries';

/** A line of CloudWatch's embedded metric format. A custom metric costs for the hours it is sent in, so it is sent while something is parked. */
export function parkedMetric(count: number, { env, clock }: Pick<Container, 'env' | 'clock'>): string {
  const namespace = env['YAGURA_METRIC_NAMESPACE'] ?? 'Yagura';
  const metric = { Namespace: namespace, Dimensions: [[]], Metrics: [{ Name: NAME, Unit: 'Count' }] };
  return JSON.stringify({ _aws: { Timestamp: clock.now(), CloudWatchMetrics: [metric] }, [NAME]: count });
}
