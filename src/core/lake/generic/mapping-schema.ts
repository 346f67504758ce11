import { z } from 'zod';
import { type ClassName, ocsfClasses } from '#core/lake/schema/ocsf-classes.ts';

const classNames = Object.keys(ocsfClasses) as [ClassName, ...ClassName[]]; // the keys of this very object

const column = z.string().min(1).max(120);

/** How the records are written. */
const format = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('json'), at: z.array(z.string()).optional() }),
  z.strictObject({
    kind: z.literal('csv'),
    separator: z.string().length(1).default(','),
    columns: z.array(column).optional(),
    syslog: z.boolean().default(false),
  }),
  z.strictObject({
    kind: z.literal('keyValue'),
    separator: z.string().length(1).optional(),
    assignment: z.string().length(1).optional(),
    syslog: z.boolean().default(false),
  }),
  z.strictObject({ kind: z.literal('cef') }),
  z.strictObject({ kind: z.literal('leef') }),
  z.strictObject({
    kind: z.literal('regex'),
    pattern: z.string().min(1).max(2000),
    syslog: z.boolean().default(false),
  }),
  z.strictObject({ kind: z.literal('syslog') }),
]);

const time = z.strictObject({
  field: column,
  /** `iso`, `epoch-s`, `epoch-ms`, `epoch-us`, `epoch-ns`, `syslog`, or a pattern of strptime such as `%d/%b/%Y:%H:%M:%S %z`. */
  format: z.string().min(1).max(100).default('iso'),
  /** An IANA zone for times that name none; UTC otherwise. */
  zone: z.string().optional(),
});

/** A value: a number, a text, `$field`, or a field with a table of values. */
const value = z.union([
  z.number(),
  z.boolean(),
  z.string(),
  z.strictObject({
    from: column,
    values: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
    default: z.union([z.number(), z.string(), z.boolean()]).optional(),
  }),
]);

/** A mapping file: a log source without code. Unknown keys are errors. */
export const mappingSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9]+(?:[.-][a-z0-9]+)*$/, 'an id is lower-case words with dots, e.g. example.door')
    .max(60),
  title: z.string().min(1).max(200),
  vendor: z.string().min(1).max(100),
  product: z.string().min(1).max(100).optional(),
  class: z.enum(classNames),
  recognise: z.strictObject({
    /** A regular expression for the object's key. */
    key: z.string().min(1).max(500),
    /** A text that stands in the first 64 KiB of every object. */
    contains: z.string().min(1).max(500).optional(),
  }),
  format,
  time,
  /** Values by attribute path of OCSF, e.g. `src_endpoint.ip: $client`. */
  map: z.record(z.string(), value),
  /** The partition: a field or a fixed text. */
  account: z.string().optional(),
  region: z.string().optional(),
  /** Records that are counted and left out. */
  exclude: z.array(z.strictObject({ rule: z.string().min(1).max(100), field: column, equals: z.string() })).default([]),
});

export type Mapping = z.infer<typeof mappingSchema>;
export type MappedValue = Mapping['map'][string];
