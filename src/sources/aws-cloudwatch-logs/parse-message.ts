/** What a plain text message tells of itself, in the forms of Lambda's runtimes and of usual loggers. */
export interface MessageFacts {
  /** The kind of a line that Lambda itself writes, e.g. `REPORT`. */
  readonly kind?: string;
  readonly level?: string;
  readonly request_id?: string;
  readonly time?: string;
  readonly duration_ms?: string;
  readonly status?: string;
  readonly error_type?: string;
}

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const time = '\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?(?:Z|[+-]\\d\\d:?\\d\\d)?';
const levels = 'TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL';

const platformLine = new RegExp(`^(START|END|REPORT) RequestId: (${uuid})\\b`);
const initLine = /^(INIT_START|INIT_REPORT|EXTENSION|TELEMETRY|RESTORE_START|RESTORE_REPORT)\b/;
/** `console.log` of Node.js: time, request, level, message, with tabs between them. */
const nodeLine = new RegExp(`^(${time})\\t(${uuid}|undefined)\\t(${levels})\\t`);
/** `logging` of Python: `[LEVEL]`, time, request, message. */
const pythonLine = new RegExp(`^\\[(${levels})\\]\\t(${time})\\t(${uuid})\\t`);
const timeout = new RegExp(`^(${time}) (${uuid}) Task timed out after `);
const exited = new RegExp(`^RequestId: (${uuid}) Error: `);
const anyTime = new RegExp(`^\\[?(${time})`);
const anyLevel = new RegExp(`(?:^|[\\s[|(=])(${levels})(?=[\\s\\]|):,]|$)`);

/** Reads the head of a message; everything it finds also stands in the message. */
export function factsOf(message: string): MessageFacts {
  const head = message.slice(0, 2000);
  return lambdaFacts(head) ?? loggerFacts(head.slice(0, 120));
}

function lambdaFacts(head: string): MessageFacts | undefined {
  const [, kind, request = ''] = platformLine.exec(head) ?? [];
  if (kind !== undefined) return { kind, request_id: request, ...(kind === 'REPORT' ? reportFacts(head) : {}) };
  const init = initLine.exec(head)?.[1];
  if (init !== undefined) return { kind: init };
  const node = nodeLine.exec(head);
  if (node !== null) return facts({ time: node[1], request_id: node[2], level: node[3] });
  const python = pythonLine.exec(head);
  if (python !== null) return facts({ level: python[1], time: python[2], request_id: python[3] });
  const late = timeout.exec(head);
  if (late !== null) return facts({ time: late[1], request_id: late[2], status: 'timeout', level: 'ERROR' });
  const dead = exited.exec(head)?.[1];
  return dead === undefined ? undefined : { request_id: dead, status: 'error', level: 'ERROR' };
}

/** `REPORT RequestId: …\tDuration: 12.3 ms\t…\tStatus: timeout`. */
function reportFacts(head: string): MessageFacts {
  return facts({
    duration_ms: /\tDuration: (\d{1,12}(?:\.\d{1,6})?) ms/.exec(head)?.[1],
    status: /\tStatus: (\w{1,40})/.exec(head)?.[1],
    error_type: /\tError Type: ([\w.]{1,200})/.exec(head)?.[1],
  });
}

function loggerFacts(head: string): MessageFacts {
  return facts({ time: anyTime.exec(head)?.[1], level: anyLevel.exec(head)?.[1] });
}

function facts(found: Readonly<Record<string, string | undefined>>): MessageFacts {
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined && value !== 'undefined'));
}
