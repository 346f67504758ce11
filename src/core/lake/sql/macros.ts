/**
 * SQL functions that every session has. An argument that is used more than once goes through a list of one element:
 * a macro repeats its argument's text, and nested repetition makes planning slower than the work.
 * `utc_time(text)`: the UTC timestamp of an ISO 8601 text; a plain cast to TIMESTAMP would ignore its offset.
 * `json_text(text, path)`: a value inside JSON text, NULL where the text is no JSON (a field may be a plain text instead).
 * `is_ip(text)`: true for an IPv4 or IPv6 address without zone; leading zeros make it none.
 * `ip_key(ip)`: 32 hexadecimal digits that sort as addresses do, NULL for what is no address.
 */
export const sessionMacros: readonly string[] = [
  `CREATE OR REPLACE MACRO utc_time(t) AS
    CASE WHEN ends_with(t, 'Z') THEN try_cast(t AS TIMESTAMP) ELSE timezone('UTC', try_cast(t AS TIMESTAMPTZ)) END`,
  `CREATE OR REPLACE MACRO json_text(t, path) AS TRY(json_extract_string(t, path))`,
  `CREATE OR REPLACE MACRO is_ip(t) AS
    regexp_full_match(t, '((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])[.]){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'
      || '|[0-9A-Fa-f]{0,4}(:[0-9A-Fa-f]{0,4}){2,7}|::[Ff]{4}:[0-9]{1,3}([.][0-9]{1,3}){3}')`,
  `CREATE OR REPLACE MACRO ip4_hex(ip) AS
    lpad(lower(hex(list_reduce(CASE WHEN len(try_cast(string_split(ip, '.') AS UTINYINT[])) = 4
      THEN CAST(try_cast(string_split(ip, '.') AS UTINYINT[]) AS UINTEGER[]) END, lambda a, b: a * 256 + b))), 8, '0')`,
  `CREATE OR REPLACE MACRO ip6_groups(text) AS
    list_transform(list_filter(string_split(text, ':'), lambda g: g <> ''),
      lambda g: CASE WHEN contains(g, '.') THEN ip4_hex(g) ELSE lpad(g, 4, '0') END)`,
  // The part before "::" and the part after it, filled up with zeros between them.
  `CREATE OR REPLACE MACRO ip6_hex(ip) AS
    list_transform([[array_to_string(ip6_groups(string_split(ip, '::')[1]), ''), COALESCE(array_to_string(ip6_groups(string_split(ip, '::')[2]), ''), '')]],
      lambda p: p[1] || repeat('0', 32 - len(p[1]) - len(p[2])) || p[2])[1]`,
  `CREATE OR REPLACE MACRO ip_key(ip) AS
    CASE WHEN contains(ip, ':') THEN ip6_hex(lower(split_part(ip, '%', 1))) ELSE '00000000000000000000ffff' || ip4_hex(ip) END`,
];
