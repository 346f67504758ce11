import { expect, test } from 'vitest';
import { createFakeClock, TEST_EPOCH } from '../../../test/stand-ins/time.ts';
import { parkedMetric } from './parked-metric.ts';

test('what is parked is one line in the embedded metric format', () => {
  const line = parkedMetric(3, { env: { YAGURA_METRIC_NAMESPACE: 'Yagura' }, clock: createFakeClock() });

  expect(line).not.toContain('\n');
  expect(JSON.parse(line)).toEqual({
    _aws: {
      Timestamp: TEST_EPOCH,
      CloudWatchMetrics: [
        { Namespace: 'Yagura', Dimensions: [[]], Metrics: [{ Name: 'ParkedDeliveries', Unit: 'Count' }] },
      ],
    },
    ParkedDeliveries: 3,
  });
});
