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

/** Knows whether the server is there and tells those who show something when it is old. */
export function createLiveUpdates(): LiveUpdates {
  const stateListeners = new Set<() => void>();
  const listeners = new Set<Listener>();
  const missed = new Set<Topic>();
  let connection: 'connecting' | 'live' | 'lost' = 'connecting';
  let streamOpen = false;
  let paused = false;
  let holders = 0;

  const tell = (topics: ReadonlySet<Topic>) => {
    for (const listener of listeners) if (!listener.topics.isDisjointFrom(topics)) listener.call();
  };
  const flush = () => {
    if (paused || holders > 0 || missed.size === 0) return;
    const topics = new Set(missed);
    missed.clear();
    tell(topics);
  };
  const announce = () => {
    for (const listener of stateListeners) listener();
  };
  const connectionIs = (next: typeof connection) => {
    if (next === connection) return;
    const returned = connection === 'lost' && next === 'live';
    connection = next;
    announce();
    if (!returned) return;
    for (const topic of TOPICS) missed.add(topic);
    flush();
  };

  return {
    state: () => (connection === 'live' && paused ? 'paused' : connection),
    onState: (listener) => {
      stateListeners.add(listener);
      return () => stateListeners.delete(listener);
    },
    onChange: (topics, call) => {
      const listener = { topics: new Set(topics), call };
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    changed: (change) => {
      for (const topic of topicsOf(change)) missed.add(topic);
      flush();
    },
    stream: (now) => {
      streamOpen = now === 'open';
      connectionIs(streamOpen ? 'live' : 'lost');
    },
    request: (now) => {
      if (now === 'silent') connectionIs('lost');
      else if (streamOpen) connectionIs('live');
    },
    pause: (next) => {
      paused = next === 'paused';
      announce();
      flush();
    },
    hold: () => {
      holders += 1;
      let released = false;
      return () => {
        if (released) return;
        released = true;
        holders -= 1;
        flush();
      };
    },
  };
}
