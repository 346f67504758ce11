import { describe, expect, test } from 'vitest';
import type { SlackInteraction } from '#ports/slack-actions.ts';
import type { WorkQueue } from '#ports/work-queue.ts';
import { createMemoryWorkQueue } from '../../../test/stand-ins/queues.ts';
import { blockActionsPayload, formBody, signedHeaders } from '../../../test/stand-ins/slack/interactions.ts';
import { createFakeClock, createManualSleeper } from '../../../test/stand-ins/time.ts';
import { answerSlack } from './answer-slack.ts';

const SIGNING_SECRET = '8f742231b10e8888abcd99yyyzzz85a5';

function prepare(secret: string | undefined = SIGNING_SECRET) {
  const clock = createFakeClock();
  const sleeper = createManualSleeper(clock);
  const jobs = createMemoryWorkQueue();
  const opened: SlackInteraction[] = [];
  const notes: string[] = [];
  const endpoint = {
    ...{ clock, sleeper },
    queue: jobs as WorkQueue,
    secrets: { secret: async () => secret },
    newId: () => 'id-1',
    openForm: async (interaction: SlackInteraction) => void opened.push(interaction),
    onNote: (status: number, note: string) => void notes.push(`${status} ${note}`),
  };
  const request = (actionId: string) => {
    const click = { actionId, value: 'guardduty:abc', channelId: 'C0000000001', ts: '1.1', triggerId: '1.1.trigger' };
    const body = formBody(blockActionsPayload(click));
    return { headers: signedHeaders(SIGNING_SECRET, body, clock.now()), body };
  };
  return { clock, sleeper, jobs, opened, notes, endpoint, request };
}

describe("the answer to Slack's request", () => {
  test('is empty once the click is in the queue of its problem', async () => {
    const { jobs, endpoint, request } = prepare();

    const answer = await answerSlack(request('yagura.acknowledge'), endpoint);

    expect(answer).toMatchObject({ statusCode: 200, body: '' });
    const [job] = jobs.take();
    expect(job).toMatchObject({ group: 'guardduty:abc', id: 'id-1' });
    expect(JSON.parse(job?.body ?? '')).toMatchObject({ kind: 'acknowledge', user: { name: 'hanako' } });
  });

  test('comes after the form is open, which never goes through the queue', async () => {
    const { jobs, opened, endpoint, request } = prepare();

    const answer = await answerSlack(request('yagura.accept-risk'), endpoint);

    expect(answer.statusCode).toBe(200);
    expect(opened.map(({ kind }) => kind)).toEqual(['accept-risk-open']);
    expect(jobs.take()).toEqual([]);
  });

  test('is a refusal when the form is not open in time, with the time the secret took', async () => {
    const { clock, sleeper, notes, endpoint, request } = prepare();
    const slow = {
      ...endpoint,
      secrets: {
        secret: async () => {
          clock.advance(1_000);
          return SIGNING_SECRET;
        },
      },
      openForm: () => new Promise<void>(() => undefined),
    };

    const answering = answerSlack(request('yagura.accept-risk'), slow);
    while (sleeper.waiting === 0) await new Promise((resolve) => setImmediate(resolve));
    await sleeper.pass(1_700);
    const answer = await answering;

    expect(answer.statusCode).toBe(503);
    expect(notes).toEqual([expect.stringContaining('could not be opened in time')]);
  });

  test('leaves no timer behind when the form was in time', async () => {
    const { sleeper, endpoint, request } = prepare();

    await answerSlack(request('yagura.accept-risk'), endpoint);

    expect(sleeper.waiting).toBe(0);
  });

  test('says when the queue refuses', async () => {
    const { notes, endpoint, request } = prepare();
    const refusing: WorkQueue = { enqueue: async ([job]) => (job === undefined ? [] : [{ job, reason: 'full' }]) };

    const answer = await answerSlack(request('yagura.acknowledge'), { ...endpoint, queue: refusing });

    expect(answer.statusCode).toBe(503);
    expect(notes).toEqual([expect.stringContaining('full')]);
  });

  test('is 404 while no signing secret is set', async () => {
    const { endpoint, request } = prepare('');
    const unset = { ...endpoint, secrets: { secret: async () => undefined } };

    expect(await answerSlack(request('yagura.acknowledge'), unset)).toMatchObject({ statusCode: 404 });
  });

  test('is 401 to anybody else, whatever the body is', async () => {
    const { jobs, endpoint } = prepare();
    const bodies = ['', 'payload=%7B%7D', '{"type":"url_verification","challenge":"x"}'];

    const answers = await Promise.all(bodies.map((body) => answerSlack({ headers: {}, body }, endpoint)));

    expect(answers.map(({ statusCode }) => statusCode)).toEqual([401, 401, 401]);
    expect(jobs.take()).toEqual([]);
  });
});
