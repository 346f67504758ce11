import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { Installation } from '#apps/server/installation.ts';
import { csvOf } from '#apps/server/lake-csv.ts';
import { type AskedRange, problemOf, searchFields, stepFor } from '#apps/server/lake-question.ts';
import { YaguraError } from '#core/errors/yagura-error.ts';
import { parseSearch, type SearchNode } from '#core/lake/search/search-query.ts';
import { timeOf } from '#core/lake/search/time-of.ts';
import type { MappedSource } from '#core/lake/source/log-source.ts';
import { lakeStats } from '#engine/lake/lake-stats.ts';
import { logSources } from '#generated/sources.ts';
import type { LakeEvents, LakeFacets, LakeHistogram, LakeSources, QuarantinePage } from '#ports/http-api.ts';

const time = z.string().max(40);
const rangeQuery = z.object({
  query: z.string().max(4096).default(''),
  from: time.default('-24h'),
  to: time.default('now'),
});
const order = z.enum(['newest', 'oldest']).default('newest');
const eventsQuery = rangeQuery.extend({ limit: z.coerce.number().int().min(1).max(1000).default(100), order });
const downloadQuery = rangeQuery.extend({ format: z.enum(['csv', 'ndjson']), order });
const facetsQuery = rangeQuery.extend({
  fields: z.string().min(1).max(1000),
  top: z.coerce.number().int().min(1).max(100).default(10),
});
const originalQuery = z.object({ object: z.string().min(1).max(4096), record: z.coerce.number().int().min(0) });
const sqlForm = z.object({ sql: z.string().min(1).max(100_000) });
const quarantineQuery = z.object({
  source: z.string().max(200).optional(),
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
const SILENT_MS = 24 * 3_600_000;
const SQL_ROWS = 1000;
const DOWNLOADED = 10_000;
const SHOWN_BYTES = 4096;

/** /api/lake: searches, SQL, the original of an event, what each source brought, quarantine. */
export function lakeRoutes(yagura: Installation): Hono {
  const app = new Hono();
  const { reader } = yagura.lake;
  app.get('/events', async (c) => c.json(await events(eventsQuery.parse(c.req.query()), yagura)));
  app.get('/histogram', async (c) => c.json(await histogram(rangeQuery.parse(c.req.query()), yagura)));
  app.get('/facets', async (c) => c.json(await facets(facetsQuery.parse(c.req.query()), yagura)));
  app.get('/fields', (c) => c.json({ fields: searchFields }));
  app.get('/download', (c) => download(c, yagura));
  app.get('/original', async (c) => {
    if (yagura.lake.manifest() === undefined) throw nothingThere();
    return c.json(await reader.original(originalQuery.parse(c.req.query())));
  });
  app.post('/sql', async (c) => {
    const { sql } = sqlForm.parse(await c.req.json());
    if (yagura.lake.manifest() === undefined) throw nothingThere();
    return c.json(await reader.sql({ sql, rows: SQL_ROWS }));
  });
  app.get('/sources', (c) => c.json(sources(yagura)));
  app.get('/quarantine', (c) => c.json(quarantine(quarantineQuery.parse(c.req.query()), yagura)));
  return app;
}

function nothingThere(): YaguraError {
  return new YaguraError('input.invalid', 'The lake is empty. Ingest logs first: yagura lake ingest PATH.');
}

type Question = { readonly answer: AskedRange; readonly node: SearchNode | undefined };

/** The search as it can be run; without a node there is nothing to run. */
function questionOf({ query, from, to }: z.infer<typeof rangeQuery>, yagura: Installation): Question {
  const now = yagura.clock.now();
  const range = { from: moment(from, now), to: moment(to, now) };
  if (range.to <= range.from)
    throw new YaguraError('input.invalid', 'The end of the time range is not after its beginning.');
  const parsed = parseSearch(query);
  const problem = parsed.ok ? problemOf(query, parsed.node) : parsed.problem;
  const empty = yagura.lake.manifest() === undefined;
  return {
    answer: { ...range, problem, empty },
    node: parsed.ok && problem === null && !empty ? parsed.node : undefined,
  };
}

function moment(text: string, now: number): number {
  const found = timeOf(text, now);
  if (found === undefined)
    throw new YaguraError(
      'input.invalid',
      `${JSON.stringify(text)} is no time. Write it like -24h, now or 2026-11-24T01:02:03Z.`,
    );
  return found;
}

async function events(asked: z.infer<typeof eventsQuery>, yagura: Installation): Promise<LakeEvents> {
  const { answer, node } = questionOf(asked, yagura);
  if (node === undefined) return { ...answer, hits: [], isCut: false };
  const { from, to } = answer;
  return {
    ...answer,
    ...(await yagura.lake.reader.events({ node, from, to, limit: asked.limit, order: asked.order })),
  };
}

async function histogram(asked: z.infer<typeof rangeQuery>, yagura: Installation): Promise<LakeHistogram> {
  const { answer, node } = questionOf(asked, yagura);
  const stepMs = stepFor(answer.to - answer.from);
  if (node === undefined) return { ...answer, stepMs, buckets: [] };
  // Bars begin at whole steps, so that they stay where they are while time goes on.
  const from = Math.floor(answer.from / stepMs) * stepMs;
  const buckets = await yagura.lake.reader.histogram({ node, from, to: answer.to, stepMs });
  return { ...answer, stepMs, buckets };
}

async function facets(asked: z.infer<typeof facetsQuery>, yagura: Installation): Promise<LakeFacets> {
  const { answer, node } = questionOf(asked, yagura);
  const fields = asked.fields.split(',');
  if (node === undefined) return { ...answer, facets: fields.map((field) => ({ field, values: [] })) };
  const { from, to } = answer;
  return { ...answer, facets: await yagura.lake.reader.facets({ node, from, to, fields, top: asked.top }) };
}

async function download(c: Context, yagura: Installation): Promise<Response> {
  const asked = downloadQuery.parse(c.req.query());
  const { answer, node } = questionOf(asked, yagura);
  if (answer.problem !== null) throw new YaguraError('input.invalid', answer.problem.message);
  const { from, to } = answer;
  const request = { from, to, limit: DOWNLOADED, order: asked.order };
  const hits = node === undefined ? [] : (await yagura.lake.reader.events({ node, ...request })).hits;
  const found = hits.map(({ event }) => event);
  const isCsv = asked.format === 'csv';
  const lines = isCsv ? csvOf(found) : found.map((event) => `${JSON.stringify(event)}\n`);
  c.header('content-type', isCsv ? 'text/csv; charset=utf-8' : 'application/x-ndjson');
  c.header('content-disposition', `attachment; filename="yagura-events.${asked.format}"`);
  return c.body(ReadableStream.from(lines).pipeThrough(new TextEncoderStream()));
}

function sources(yagura: Installation): LakeSources {
  const manifest = yagura.lake.manifest();
  if (manifest === undefined) return { sources: [] };
  const known: readonly MappedSource[] = logSources;
  const stats = lakeStats(manifest, yagura.clock.now(), { afterMs: SILENT_MS });
  return {
    sources: stats.sources.map(({ lagMs, ...volume }) => ({
      ...volume,
      title: known.find(({ id }) => id === volume.source)?.title ?? volume.source,
      lagMs: lagMs ?? null,
    })),
  };
}

function quarantine({ source, after, limit }: z.infer<typeof quarantineQuery>, yagura: Installation): QuarantinePage {
  const manifest = yagura.lake.manifest();
  if (manifest === undefined) return { items: [], next: null };
  const found = manifest.quarantine({ ...(source === undefined ? {} : { source }), after, limit: limit + 1 });
  const items = found.slice(0, limit).map(({ bytes, uri, offset, ...entry }) => {
    const shown = Buffer.from(bytes.subarray(0, SHOWN_BYTES));
    const { id, source: of, record, count, reason, detail } = entry;
    const what = { id, source: of, object: uri, record, count, reason, detail, offset: offset ?? null };
    return { ...what, bytes: bytes.length, text: shown.toString('utf8'), hex: shown.toString('hex') };
  });
  return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null };
}
