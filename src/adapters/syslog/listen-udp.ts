import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { messageOf } from '#core/errors/yagura-error.ts';
import type { Clock } from '#ports/clock.ts';
import { readKernelDrops } from './kernel-drops.ts';
import { type Address, notListening } from './listen-failure.ts';
import { type SyslogIntake, senderOf } from './syslog-intake.ts';
import type { SyslogLimits } from './syslog-limits.ts';
import type { Troubles } from './syslog-log.ts';

export type InputSettings = {
  readonly intake: SyslogIntake;
  readonly clock: Clock;
  readonly limits: SyslogLimits;
  readonly troubles: Troubles;
};

export type UdpInput = {
  readonly port: number;
  /** What the operating system gave; it may be less than was asked for. */
  readonly receiveBufferBytes: number;
  /** As of the last tick; undefined where the system does not tell. */
  kernelDropped(): number | undefined;
  tick(): Promise<void>;
  stop(): Promise<void>;
};

/** Listens for datagrams, each of which is one message (RFC 5426). UDP cannot wait: while the disk is behind they are dropped and counted. */
export async function listenUdp(address: Address, settings: InputSettings): Promise<UdpInput> {
  const socket = createSocket({ type: isIPv6(address.host) ? 'udp6' : 'udp4' });
  try {
    const bound = once(socket, 'listening');
    socket.bind(address.port, address.host);
    await bound;
  } catch (cause) {
    socket.close();
    throw notListening('UDP', address, cause);
  }
  socket.on('message', (bytes, sender) => take(bytes, sender, settings));
  socket.on('error', (error) => settings.troubles.note('the UDP socket has trouble', { error: messageOf(error) }));
  const { port } = socket.address();
  let kernelDropped = await readKernelDrops(port);
  return {
    port,
    receiveBufferBytes: enlarged(socket, settings.limits.udpReceiveBytes),
    kernelDropped: () => kernelDropped,
    tick: async () => {
      const now = await readKernelDrops(port);
      const more = (now ?? 0) - (kernelDropped ?? 0);
      if (more > 0) settings.troubles.note('the kernel dropped datagrams that came too fast', { datagrams: more });
      kernelDropped = now ?? kernelDropped;
    },
    stop: async () => {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
}

function take(bytes: Buffer, sender: RemoteInfo, { intake, clock, troubles }: InputSettings): void {
  if (bytes.length === 0) {
    intake.counts.empty += 1;
    return;
  }
  if (intake.isBehind()) {
    intake.counts.udpDropped += 1;
    troubles.note('dropped datagrams because the disk is behind', { dropped: intake.counts.udpDropped });
    return;
  }
  const from = senderOf(sender.address, sender.port);
  intake.keep({ received: clock.now(), from, transport: 'udp', bytes, cutBytes: 0, isIncomplete: false });
}

/** Linux silently gives at most net.core.rmem_max; other systems refuse what is too much. */
function enlarged(socket: Socket, wantedBytes: number): number {
  for (let bytes = wantedBytes; bytes > socket.getRecvBufferSize(); bytes = Math.floor(bytes / 2)) {
    try {
      socket.setRecvBufferSize(bytes);
      break;
    } catch {
      // Half as much may be allowed.
    }
  }
  return socket.getRecvBufferSize();
}
