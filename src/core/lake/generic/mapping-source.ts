import { parseDocument } from 'yaml';
import { mappingDecoder } from '#core/lake/generic/mapping-decoder.ts';
import { type Mapping, mappingSchema } from '#core/lake/generic/mapping-schema.ts';
import { columnOf, mappingSql, pathProblems, usedFields, wholeFields } from '#core/lake/generic/mapping-sql.ts';
import type { FieldSpec, MappedSource, Profile } from '#core/lake/source/log-source.ts';

export type ReadMapping =
  | { readonly ok: true; readonly source: MappedSource; readonly mapping: Mapping }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads a mapping file; every problem is a sentence with the key it is about. */
export function readMapping(yaml: string): ReadMapping {
  const document = parseDocument(yaml);
  if (document.errors.length > 0)
    return { ok: false, problems: document.errors.map((error) => error.message.split('\n')[0] ?? error.message) };
  const parsed = mappingSchema.safeParse(document.toJS());
  if (!parsed.success)
    return {
      ok: false,
      problems: parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`),
    };
  const problems = [...pathProblems(parsed.data), ...patternProblems(parsed.data)];
  return problems.length > 0
    ? { ok: false, problems }
    : { ok: true, source: sourceOf(parsed.data), mapping: parsed.data };
}

function patternProblems(mapping: Mapping): readonly string[] {
  const patterns = {
    'recognise.key': mapping.recognise.key,
    ...(mapping.format.kind === 'regex' ? { 'format.pattern': mapping.format.pattern } : {}),
  };
  return Object.entries(patterns).flatMap(([key, pattern]) => {
    try {
      new RegExp(pattern, 'u');
      return nestedRepeat.test(pattern)
        ? [`${key}: a repetition inside a repetition can take for ever on a hostile line; write it without`]
        : [];
    } catch (error) {
      return [`${key}: ${error instanceof Error ? error.message : String(error)}`];
    }
  });
}

/** `(a+)+` and the like. */
const nestedRepeat = /\((?:[^()\\]|\\.)*(?:[+*]|\{\d+,\d*\})(?:[^()\\]|\\.)*\)(?:[+*]|\{\d+,\d*\})/;

function sourceOf(mapping: Mapping): MappedSource {
  const key = new RegExp(mapping.recognise.key, 'u');
  const { contains } = mapping.recognise;
  const fields: Record<string, FieldSpec> = {};
  const whole = wholeFields(mapping);
  for (const field of usedFields(mapping)) {
    const path = pathOfField(field, mapping);
    fields[columnOf(field)] = whole.has(field) ? path : { path, keep: true };
  }
  return {
    id: mapping.id,
    title: mapping.title,
    vendor: mapping.vendor,
    classes: [mapping.class],
    profiles: profilesOf(mapping),
    recognise: {
      key,
      content: (sample) => key.test(sample.key) && (contains === undefined || sample.text.includes(contains)),
    },
    decode: mappingDecoder(mapping),
    fields,
    mapSql: mappingSql(mapping),
  };
}

/** In JSON a dot leads into an object; the names of other formats are taken as they are. */
function pathOfField(field: string, mapping: Mapping): string | readonly string[] {
  return mapping.format.kind === 'json' ? field.split('.') : [field];
}

function profilesOf(mapping: Mapping): readonly Profile[] {
  const paths = Object.keys(mapping.map);
  const has = (start: RegExp): boolean => paths.some((path) => start.test(path));
  const profiles: Profile[] = [];
  if (has(/^cloud\./)) profiles.push('cloud');
  if (has(/^(?:action|disposition|firewall_rule|malware|attacks)/)) profiles.push('security_control');
  if (has(/^(?:device|actor)\b/) && mapping.class !== 'api_activity') profiles.push('host');
  if (has(/^load_balancer/)) profiles.push('load_balancer');
  return profiles;
}
