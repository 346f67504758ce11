import { describe, expect, it } from 'vitest';
import { isHostname, methodColumns, requestColumns, urlColumns } from './http-request.ts';

describe('HTTP request lines', () => {
  it.each([
    ['GET http://example.com:80/ HTTP/1.1', 'GET', null, 'http://example.com:80/', 'HTTP/1.1'],
    ['PATCH /a HTTP/2.0', null, 'PATCH', '/a', 'HTTP/2.0'],
    ['GET /a b c HTTP/1.1', 'GET', null, '/a b c', 'HTTP/1.1'],
    ['GET /a HTTP/1.1 b', 'GET', null, '/a HTTP/1.1 b', null],
    ['- http://example.com:80- -', null, null, 'http://example.com:80-', null],
    ['- - - ', null, null, null, null],
    ['-', null, null, null, null],
    ['', null, null, null, null],
    ['GET', 'GET', null, null, null],
    ['get / HTTP/1.0', null, 'get', '/', 'HTTP/1.0'],
  ])('splits %j', (line, method, other, url, version) => {
    expect(requestColumns(line)).toEqual({
      request_method: method,
      other_method: other,
      request_url: url,
      request_version: version,
    });
  });

  it('keeps a method that OCSF has no name for apart', () => {
    expect(methodColumns('GET')).toEqual({ request_method: 'GET', other_method: null });
    expect(methodColumns('BREW')).toEqual({ request_method: null, other_method: 'BREW' });
    expect(methodColumns(null)).toEqual({ request_method: null, other_method: null });
  });
});

describe('parts of a URL', () => {
  it.each([
    ['https://a.example.com:443/x/y?q=1?2', 'https', 'a.example.com', '443', '/x/y', 'q=1?2'],
    ['http://example.com', 'http', 'example.com', null, null, null],
    ['http://example.com?q', 'http', 'example.com', null, null, 'q'],
    ['https://user@example.com/', 'https', null, null, '/', null],
    ['https://[::1]:443/', 'https', null, '443', '/', null],
    ['https://example.com:99999/', 'https', null, null, '/', null],
    ['/path?', null, null, null, '/path', null],
    ['/a//b://c?d', null, null, null, '/a//b://c', 'd'],
    ['example.com:443', null, null, null, null, null],
    ['*', null, null, null, null, null],
    [null, null, null, null, null, null],
  ])('are told of %j', (url, scheme, host, port, path, query) => {
    expect(urlColumns(url)).toEqual({
      url_scheme: scheme,
      url_host: host,
      url_port: port,
      url_path: path,
      url_query: query,
    });
  });
});

describe('host names', () => {
  const ocsf =
    /^(([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])\.)*([A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9])$/;

  it.each([
    'a',
    'a-b.c',
    '192.0.2.1',
    'xn--abc.example.com',
    'a--b',
    '-a',
    'a-',
    'a.',
    '.a',
    'a..b',
    'a_b',
    'é',
    '',
    'a b',
  ])('%j is one where OCSF says so', (name) => {
    expect(isHostname(name)).toBe(ocsf.test(name));
  });

  it('are never longer than 253 characters', () => {
    expect(isHostname('a'.repeat(253))).toBe(true);
    expect(isHostname('a'.repeat(254))).toBe(false);
  });
});
