import type { SampleLogFile } from './sample-log-file.ts';

/** One record of a file: parsed where it is JSON, else its line. */
export type ReadRecord = { readonly at: number; readonly line: string; readonly value: JsonRecord };

/** A JSON object of which nothing is known. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** The records of a file with their times, read as its source's format has them; throws on what does not parse. */
export function readBack(file: SampleLogFile): ReadRecord[] {
  const text = String(file.content);
  switch (file.source) {
    case 'cloudtrail':
      return listOf(text, 'Records').map((value) => ofJson(value, timeOf(value, 'eventTime')));
    case 'config':
      return listOf(text, 'configurationItems').map((value) =>
        ofJson(value, timeOf(value, 'configurationItemCaptureTime')),
      );
    case 'eks-audit':
      return messagesOf(text).flatMap((message) => listOf(message, 'logEvents').map(auditRecord));
    case 'route53-resolver':
      return linesOf(text).map((line) => ofLine(line, (value) => timeOf(value, 'query_timestamp')));
    case 'waf':
      return linesOf(text).map((line) => ofLine(line, (value) => Number(value['timestamp'])));
    case 'vpc-flow':
      return linesOf(text)
        .slice(1)
        .map((line) => ofText(line, Number(line.split(' ')[10]) * 1000));
    case 'alb':
      return linesOf(text).map((line) => ofText(line, Date.parse(line.split(' ')[1] ?? '')));
    case 's3-access':
      return linesOf(text).map((line) => ofText(line, webTimeOf(line)));
    case 'linux-auth':
      return linesOf(text).map((line) => ofText(line, syslogTimeOf(file.key, line)));
    case 'fortigate':
      return linesOf(text).map((line) => ofText(line, Number(/ eventtime=(\d+)000000 /.exec(line)?.[1])));
  }
}

function linesOf(text: string): string[] {
  if (!text.endsWith('\n')) throw new SyntaxError('the last line is not ended');
  return text.slice(0, -1).split('\n');
}

/** Documents that follow one another with nothing between them. */
function messagesOf(text: string): string[] {
  return text.split(/(?<=\})(?=\{"messageType")/);
}

function listOf(text: string, name: string): JsonRecord[] {
  const list = asRecord(JSON.parse(text))[name];
  if (!Array.isArray(list)) throw new SyntaxError(`there is no list ${name}`);
  return list.map(asRecord);
}

function auditRecord(event: JsonRecord): ReadRecord {
  const value = asRecord(JSON.parse(String(event['message'])));
  return { at: Number(event['timestamp']), line: String(event['message']), value };
}

function ofJson(value: JsonRecord, at: number): ReadRecord {
  return { at, line: '', value };
}

function ofLine(line: string, at: (value: JsonRecord) => number): ReadRecord {
  const value = asRecord(JSON.parse(line));
  return { at: at(value), line, value };
}

function ofText(line: string, at: number): ReadRecord {
  return { at, line, value: {} };
}

function timeOf(value: JsonRecord, name: string): number {
  return Date.parse(String(value[name]));
}

/** `[03/Nov/2026:01:02:03 +0000]` */
function webTimeOf(line: string): number {
  const [, day, month, year, clock] = /\[(\d\d)\/(\w{3})\/(\d{4}):([\d:]{8}) \+0000\]/.exec(line) ?? [];
  return Date.parse(`${day} ${month} ${year} ${clock} UTC`);
}

/** The year is that of the file's name. */
function syslogTimeOf(key: string, line: string): number {
  return Date.parse(`${line.slice(0, 6)} ${/secure-(\d{4})/.exec(key)?.[1]} ${line.slice(7, 15)} UTC`);
}

function asRecord(value: unknown): JsonRecord {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new SyntaxError('this is no object');
  return value as JsonRecord; // neither null nor a list
}
