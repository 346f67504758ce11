import type { StreamChange } from '#ports/http-api.ts';

export const TOPICS = ['findings', 'messages', 'deliveries', 'directory'] as const;
export type Topic = (typeof TOPICS)[number];

/** `live`: changes arrive. `connecting`: not yet. `lost`: the server does not answer. `paused`: the user wants it still. */
export type LiveState = 'connecting' | 'live' | 'lost' | 'paused';

export type LiveUpdates = {
  state(): LiveState;
  onState(listener: () => void): () => void;
  /** Calls back after changes of any of the topics; changes while held or paused are told once, afterwards. */
  onChange(topics: readonly Topic[], listener: () => void): () => void;
  /** The stream told of a change. */
  changed(change: StreamChange): void;
  /** The stream opened or ended; whatever happened while it was closed is unknown, so everything shown may be old. */
  stream(now: 'open' | 'ended'): void;
  /** A request was answered or not. */
  request(now: 'answered' | 'silent'): void;
  pause(paused: 'paused' | 'running'): void;
  /** Keeps what is shown still while somebody edits; returns the release. */
  hold(): () => void;
};

type Listener = { readonly topics: ReadonlySet<Topic>; readonly call: () => void };

/** The topics a change names. */
export function topicsOf(change: StreamChange): Topic[] {
  return TOPICS.filter((topic) => (topic === 'directory' ? change.directory : change[topic] > 0));
}

type Notices = { miss(topics: Iterable<Topic>): void; flush(): void };

/** Remembers which topics changed and tells listeners as soon as nobody holds them back. */
function createNotices(listeners: ReadonlySet<Listener>, heldBack: () => boolean): Notices {
  const missed = new Set<Topic>();
  return {
    miss: (topics) => {
      for (const topic of topics) missed.add(topic);
    },
    flush: () => {
      if (heldBack() || missed.size === 0) return;
      const topics = new Set(missed);
      missed.clear();
      for (const listener of listeners) if (!listener.topics.isDisjointFrom(topics)) listener.call();
    },
  };
}

type Connection = Exclude<LiveState, 'paused'>;

/** Puts together what the stream and the requests say about the server. */
function createConnection(onChange: (now: Connection, before: Connection) => void) {
  let state: Connection = 'connecting';
  let streamOpen = false;
  const become = (next: Connection) => {
    if (next === state) return;
    const before = state;
    state = next;
    onChange(next, before);
  };
  return {
    state: () => state,
    stream: (now: 'open' | 'ended') => {
      streamOpen = now === 'open';
      become(streamOpen ? 'live' : 'lost');
    },
    request: (now: 'answered' | 'silent') => {
      if (now === 'silent') become('lost');
      else if (streamOpen) become('live');
    },
  };
}

/** Adds to a set and returns the removal. */
function joined<T>(set: Set<T>, member: T): () => void {
  set.add(member);
  return () => {
    set.delete(member);
  };
}

/** Knows whether the server is there and tells those who show something when it is old. */
export function createLiveUpdates(): LiveUpdates {
  const stateListeners = new Set<() => void>();
  const listeners = new Set<Listener>();
  const holders = new Set<symbol>();
  let paused = false;
  const notices = createNotices(listeners, () => paused || holders.size > 0);
  const announce = () => {
    for (const listener of stateListeners) listener();
  };
  const connection = createConnection((now, before) => {
    announce();
    if (now !== 'live' || before !== 'lost') return;
    notices.miss(TOPICS);
    notices.flush();
  });
  return {
    state: () => (connection.state() === 'live' && paused ? 'paused' : connection.state()),
    onState: (listener) => joined(stateListeners, listener),
    onChange: (topics, call) => joined(listeners, { topics: new Set(topics), call }),
    changed: (change) => {
      notices.miss(topicsOf(change));
      notices.flush();
    },
    stream: connection.stream,
    request: connection.request,
    pause: (next) => {
      paused = next === 'paused';
      announce();
      notices.flush();
    },
    hold: () => {
      const release = joined(holders, Symbol('hold'));
      return () => {
        release();
        notices.flush();
      };
    },
  };
}
