import { describe, expect, it } from 'vitest';
import { featureVersion, findJdk } from './jdk.ts';

describe('a JDK', () => {
  it.each([
    ['openjdk version "25.0.3" 2026-04-21 LTS', 25],
    ['openjdk version "24-ea" 2025-03-18', 24],
    ['Picked up JAVA_TOOL_OPTIONS: -Xmx1g\njava version "1.8.0_402"', 8],
    ['The operation could not be completed', undefined],
  ])('that prints %j is of version %s', (printed, version) => {
    expect(featureVersion(printed)).toBe(version);
  });

  it('that is nowhere is asked for by name', async () => {
    await expect(findJdk(1000)).rejects.toThrow(/needs a JDK 1000 or later .*set JAVA_HOME/);
  });
});
