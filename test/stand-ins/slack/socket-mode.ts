import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { isRecord } from './arguments.ts';
import { acceptWebSocket, type Peer } from './websocket.ts';

export type Acknowledgement = { readonly envelopeId: string; readonly payload: unknown; readonly at: number };

/** Socket Mode, seen from Slack's side. */
export type SocketModeControls = {
  /** Sends an `interactive` envelope to the newest connection and returns its envelope id. */
  sendInteraction(payload: unknown): string;
  /** Asks the app to reconnect, as Slack does when it recycles a host. */
  sendDisconnect(): void;
  /** Breaks every connection without a goodbye. */
  dropConnections(): void;
  acknowledgements(): readonly Acknowledgement[];
  /** Connections ever made. */
  connectionCount(): number;
  /** Resolves when so many connections were made in all. */
  waitForConnection(count: number): Promise<void>;
};

type SocketMode = {
  readonly controls: SocketModeControls;
  newTicket(): string;
  accept(request: IncomingMessage, socket: Duplex): void;
};

/** The WebSocket half of the stand-in. */
export function createSocketMode(): SocketMode {
  const peers: Peer[] = [];
  const tickets = new Set<string>();
  const acknowledged: Acknowledgement[] = [];
  let waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  let issued = 0;
  let envelopes = 0;
  const newest = (): Peer => {
    const peer = peers.findLast(({ open }) => open);
    if (peer === undefined) throw new Error('no app is connected through Socket Mode');
    return peer;
  };
  return {
    newTicket() {
      issued += 1;
      const ticket = `ticket-secret-${issued}`;
      tickets.add(ticket);
      return ticket;
    },
    accept(request, socket) {
      const ticket = new URL(request.url ?? '/', 'http://stand-in').searchParams.get('ticket') ?? '';
      // Slack's ticket opens one connection only.
      if (!tickets.delete(ticket)) return void socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
      const peer = acceptWebSocket(request, socket, { onText: (text) => note(acknowledged, text), onClose: () => {} });
      peers.push(peer);
      peer.send(JSON.stringify({ type: 'hello', num_connections: 1, connection_info: { app_id: 'A0000000001' } }));
      waiting = waiting.filter(({ count, resolve }) => {
        if (peers.length < count) return true;
        resolve();
        return false;
      });
    },
    controls: {
      sendInteraction(payload) {
        envelopes += 1;
        const id = `envelope-${envelopes}`;
        newest().send(
          JSON.stringify({ type: 'interactive', envelope_id: id, payload, accepts_response_payload: true }),
        );
        return id;
      },
      sendDisconnect: () => newest().send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' })),
      dropConnections: () => {
        for (const peer of peers) peer.destroy();
      },
      acknowledgements: () => [...acknowledged],
      connectionCount: () => peers.length,
      waitForConnection: (count) =>
        new Promise((resolve) => {
          if (peers.length >= count) resolve();
          else waiting.push({ count, resolve });
        }),
    },
  };
}

function note(acknowledged: Acknowledgement[], text: string): void {
  const message: unknown = JSON.parse(text);
  if (!isRecord(message) || typeof message['envelope_id'] !== 'string') return;
  acknowledged.push({ envelopeId: message['envelope_id'], payload: message['payload'], at: Date.now() });
}
