import { expect, it } from 'vitest';
import { awsEvent } from '../../../test/stand-ins/events/aws-events.ts';
import { contextOf } from '../../../test/stand-ins/events/fates.ts';
import { observe } from '../intake/observe.ts';
import { waitsForDirectory } from './announcement.ts';
import { decide } from './decide.ts';

const KNOWN = '222233334444';

function told(eventName: string, of = 'account-moved') {
  const event = awsEvent({ of, set: { 'detail.eventName': eventName } });
  const [observation] = observe(JSON.parse(JSON.stringify(event).replaceAll('888877776666', KNOWN))).observations;
  if (observation === undefined) throw new Error(`${eventName} was not understood`);
  return observation;
}

it('carries the name of an account that leaves, because the directory forgets it', () => {
  const verdict = decide(undefined, told('RemoveAccountFromOrganization'), contextOf('company'));

  expect(verdict.problem?.observation.accountNameHint).toBe('web-dev');
});

it('leaves the name of the event as it is', () => {
  const verdict = decide(undefined, told('CreateManagedAccount', 'account-managed'), contextOf('company'));

  expect(verdict.problem?.observation.accountNameHint).toBe('sandbox-new');
});

it.each([
  ['MoveAccount', true],
  ['AcceptHandshake', true],
  ['RemoveAccountFromOrganization', false],
  ['LeaveOrganization', false],
])('%s is told better after the directory was read again: %s', (eventName, expected) => {
  expect(waitsForDirectory(told(eventName))).toBe(expected);
});
