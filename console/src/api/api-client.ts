/**
 * `offline`: the server did not answer, or something before it did; it may come back.
 * `refused`: the server answered and said no.
 */
export type FailureKind = 'offline' | 'refused';

/** Why a request brought nothing. */
export class ApiFailure extends Error {
  readonly kind: FailureKind;
  readonly status: number;
  readonly code: string;

  constructor(kind: FailureKind, status: number, code: string, message: string) {
    super(message);
    this.name = 'ApiFailure';
    this.kind = kind;
    this.status = status;
    this.code = code;
  }
}

export type ApiClient = {
  get<T>(path: string, signal?: AbortSignal): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  remove(path: string): Promise<void>;
};

export type ApiSettings = {
  readonly fetch: typeof fetch;
  /** The language that texts made by the server should have. */
  language(): string;
  /** Told of every answer and every silence. */
  onRequest(now: 'answered' | 'silent'): void;
};

const TIMEOUT_MS = 20_000;
// The server or its store cannot answer now; trying again may help.
const OFFLINE_STATUS = new Set([502, 503, 504]);

/** Speaks to the server's HTTP API below `/api`. */
export function createApiClient(settings: ApiSettings): ApiClient {
  const call = async (path: string, init: RequestInit, given?: AbortSignal): Promise<unknown> => {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const signal = given === undefined ? timeout : AbortSignal.any([given, timeout]);
    const response = await reach(settings, path, { ...init, signal }, given);
    const body = await bodyOf(response);
    const failure = response.ok ? undefined : failureOf(response.status, body);
    // A proxy speaks in place of a server that is gone; the server itself always says what is wrong in our form.
    const gone = failure?.kind === 'offline' && failure.code.startsWith('http-');
    settings.onRequest(gone ? 'silent' : 'answered');
    if (failure !== undefined) throw failure;
    return body;
  };
  const write = { 'content-type': 'application/json', 'x-yagura-request': '1' };
  return {
    // The contract says which type each path answers with.
    get: <T>(path: string, signal?: AbortSignal) => call(path, { method: 'GET' }, signal) as Promise<T>,
    post: <T>(path: string, body: unknown) =>
      call(path, { method: 'POST', headers: write, body: JSON.stringify(body) }) as Promise<T>,
    remove: async (path) => {
      await call(path, { method: 'DELETE', headers: { 'x-yagura-request': '1' } });
    },
  };
}

async function reach(settings: ApiSettings, path: string, init: RequestInit, given?: AbortSignal): Promise<Response> {
  const headers = { accept: 'application/json', 'accept-language': settings.language(), ...init.headers };
  try {
    const response = await settings.fetch(`/api${path}`, { ...init, headers, cache: 'no-store' });
    return response;
  } catch (cause) {
    // The caller lost interest: that says nothing about the server.
    if (given?.aborted) throw cause;
    settings.onRequest('silent');
    throw new ApiFailure('offline', 0, 'network', cause instanceof Error ? cause.message : String(cause));
  }
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Not our server speaking (a proxy's error page); its words are no use to the reader.
    if (!response.ok) return undefined;
    throw new ApiFailure('refused', response.status, 'not-json', `${response.status} ${response.statusText}`);
  }
}

function failureOf(status: number, body: unknown): ApiFailure {
  const kind = OFFLINE_STATUS.has(status) ? 'offline' : 'refused';
  if (typeof body === 'object' && body !== null && 'error' in body) {
    const error = body.error;
    if (typeof error === 'object' && error !== null && 'code' in error && 'message' in error) {
      return new ApiFailure(kind, status, String(error.code), String(error.message));
    }
  }
  return new ApiFailure(kind, status, `http-${status}`, `HTTP ${status}`);
}

/** True when a promise ended because its caller gave it up. */
export function isAbort(cause: unknown): boolean {
  return cause instanceof DOMException && cause.name === 'AbortError';
}
