import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { controlFacts } from './control-facts.ts';
import { controlChecks } from './posture.ts';
import { createWorld } from './world.ts';

const FACTS = new URL('../../../../shared/reference/securityhub-controls.json', import.meta.url);
const world = createWorld(20, Date.UTC(2026, 10, 17, 6, 0, 0));
const checks = controlChecks(world);

describe('the control checks', () => {
  it('check each control on each resource once, in order of time', () => {
    const keys = checks.map((check) => `${check.control} ${check.resource.key}`);

    expect(new Set(keys).size).toBe(keys.length);
    for (const { states } of checks) {
      expect(states.map((state) => state.at)).toEqual(states.map((state) => state.at).sort((a, b) => a - b));
    }
  });

  it('show a rise, a regression and a recovery, each with its beat', () => {
    const causes = checks.flatMap((check) => check.states.map((state) => `${state.cause} ${state.beat}`));

    expect(causes.filter((cause) => cause === 'fixed posture/ebs-encryption-rollout').length).toBe(11);
    expect(causes).toContain('regressed leaked-key/group-opened');
    expect(causes).toContain('fixed leaked-key/group-closed');
    expect(causes).toContain('recorder-lost posture/recorder-stopped');
    expect(causes).toContain('recorder-back posture/recorder-restored');
  });

  it('put the passed result after the repair of the same resource', () => {
    const bucket = checks.find((check) => check.control === 'S3.2' && check.resource.name === 'example-data-exports');
    const [before, open, closed] = bucket?.states ?? [];

    expect([before?.status, open?.status, closed?.status]).toEqual(['PASSED', 'FAILED', 'PASSED']);
    expect(open?.at).toBeGreaterThan(world.story.beat('public-bucket/made-public').at);
    expect(closed?.at).toBeGreaterThan(world.story.beat('public-bucket/made-private').at);
  });

  it('has nothing of the new account before it exists', () => {
    const created = world.story.beat('unowned-account/created').at;
    const early = checks.filter(
      (check) => check.resource.account === '101020203030' && check.states.some((state) => state.at < created),
    );

    expect(early).toEqual([]);
  });
});

describe.skipIf(!existsSync(FACTS))('the control facts', () => {
  it('agree with the reference on severity, Config rule and standards', () => {
    const reference: { controls: { id: string; severity: string; configRule: string; standards: string[] }[] } =
      JSON.parse(readFileSync(FACTS, 'utf8'));
    const wrong = [...controlFacts.values()].filter((fact) => {
      const truth = reference.controls.find((control) => control.id === fact.id);
      return (
        truth?.severity !== fact.severity ||
        truth.configRule !== fact.configRule ||
        truth.standards.includes('fsbp/1.0.0') !== fact.fsbp ||
        truth.standards.includes('cis/1.2.0') !== (fact.cis !== null)
      );
    });

    expect(wrong.map((fact) => fact.id)).toEqual([]);
  });
});
