import { describe, expect, it } from 'vitest';
import { ocsfClasses } from '#core/lake/schema/ocsf-classes.ts';
import { trinoDialect } from '#core/lake/sql/dialect.ts';
import { builtInQueries } from './built-in-queries.ts';
import { type LakeCatalog, viewCatalog } from './lake-catalog.ts';
import { renderQuery } from './render-query.ts';

const values = {
  from: Date.UTC(2026, 10, 1),
  to: Date.UTC(2026, 10, 2),
  principal: "o'brien",
  ip: '203.0.113.0/24',
  key: 'AKIDEXAMPLE',
  resource: 'i-0123456789abcdef0',
};

/** CloudTrail's table of Amazon Security Lake in source version 2: Iceberg, without our columns and without eventDay. */
const securityLake: LakeCatalog = {
  dialect: trinoDialect,
  relations: [
    {
      sql: '"cloud_trail_mgmt_2_0"',
      classUids: [6003, 3002, 3001],
      columns: {
        time: 'long',
        class_uid: 'integer',
        status_id: 'integer',
        api: { struct: { operation: 'string', service: { struct: { name: 'string' } } } },
        src_endpoint: { struct: { ip: 'string' } },
        actor: { struct: { user: { struct: { uid: 'string', credential_uid: 'string' } } } },
      },
      partitions: ['region', 'accountId'],
    },
  ],
};

describe('The built-in queries', () => {
  it('have ids of their own, and titles and answers in both languages', () => {
    const texts = builtInQueries.flatMap(({ title, answers }) => [title.en, title.ja, answers.en, answers.ja]);

    expect(new Set(builtInQueries.map(({ id }) => id)).size).toBe(builtInQueries.length);
    expect(builtInQueries.length).toBeGreaterThanOrEqual(12);
    expect(texts.filter((text) => text.trim() === '')).toEqual([]);
  });

  it.each(builtInQueries)('$id keeps values out of its text', (query) => {
    const { sql, parameters } = renderQuery(query, values, viewCatalog);

    // Paths and patterns of the query's own stand in literals.
    const withoutLiterals = sql.replaceAll(/'(?:[^']|'')*'/g, "''");

    expect(sql).not.toContain("o'brien");
    expect(withoutLiterals).not.toContain('$');
    expect(withoutLiterals.match(/\?/g) ?? []).toHaveLength(parameters.filter((value) => value !== undefined).length);
  });

  it.each(builtInQueries)('$id orders its rows, so that a limit has a meaning', (query) => {
    expect(query.sql(trinoDialect)).toMatch(/\nORDER BY [^)]+$/);
  });

  it('refuse to run without what they ask for', () => {
    const query = builtInQueries.find(({ id }) => id === 'access-key-activity');
    if (query === undefined) throw new Error('there is no such query');

    expect(() => renderQuery(query, { from: 0, to: 1 }, viewCatalog)).toThrow('needs the parameter key');
    expect(() => renderQuery(query, { ...values, to: 0 }, viewCatalog)).toThrow('ends at or before');
  });

  it('refuse an address that is none', () => {
    const query = builtInQueries.find(({ id }) => id === 'ip-activity');
    if (query === undefined) throw new Error('there is no such query');

    expect(() => renderQuery(query, { ...values, ip: '203.0.113.999' }, viewCatalog)).toThrow('neither an IP address');
  });

  it('compute on an Amazon Security Lake what only our tables have', () => {
    const query = builtInQueries.find(({ id }) => id === 'ip-activity');
    if (query === undefined) throw new Error('there is no such query');

    const { sql } = renderQuery(query, values, securityLake);

    expect(sql).toContain(`TRY_CAST(split_part(t."src_endpoint"."ip", '%', 1) AS ipaddress)`);
    expect(sql).not.toContain('_src_ip');
    expect(sql).not.toContain('eventDay');
    expect(sql).toContain('CAST(NULL AS array(varchar)) AS "resources"');
  });

  it('read only the rows of the account, the Region and the days that are asked for', () => {
    const [query] = builtInQueries;
    if (query === undefined) throw new Error('there is no query');

    const { sql, parameters } = renderQuery(
      query,
      { ...values, account: '111122223333', region: 'us-east-1' },
      viewCatalog,
    );

    expect(sql).toContain('t."eventDay" BETWEEN ? AND ? AND t."region" = ? AND t."accountId" = ?');
    expect(parameters.slice(0, 4)).toEqual(['20261101', '20261101', 'us-east-1', '111122223333']);
    expect(sql).toContain(`FROM "${ocsfClasses.api_activity.name}" AS t`);
  });
});
