import { type DataFolderLock, lockDataFolder } from '#adapters/data-folder/lock-data-folder.ts';
import { messageOf, YaguraError } from '#core/errors/yagura-error.ts';
import type { Clock } from '#ports/clock.ts';
import { createHandOver, type HandOver } from './hand-over.ts';
import type { Address } from './listen-failure.ts';
import { type ConnectionCounts, listenTcp, listenTls, type StreamInput, type TlsAddress } from './listen-stream.ts';
import { type InputSettings, listenUdp, type UdpInput } from './listen-udp.ts';
import { type RecoveredSpool, recoverSpool } from './recover-spool.ts';
import { localDisk, type SpoolDisk } from './spool-disk.ts';
import { openSpoolNumbers } from './spool-numbers.ts';
import { createSpoolWriter, type SpoolCounts, type SpoolWriter } from './spool-writer.ts';
import { createIntake, type IntakeCounts, type SyslogIntake } from './syslog-intake.ts';
import { DEFAULT_LIMITS, type SyslogLimits } from './syslog-limits.ts';
import { collectTroubles, SILENT, type SyslogLog, type Troubles } from './syslog-log.ts';

export type SyslogSettings = {
  readonly udp?: Address;
  readonly tcp?: Address;
  readonly tls?: TlsAddress;
  /** A folder of the listener's own. */
  readonly spool: string;
  readonly clock: Clock;
  readonly limits?: Partial<SyslogLimits>;
  /**
   * Called with the path of each file in `ready`, one after the other, also of those that are there at the start. The file is the
   * reader's, who moves or deletes it when it needs it no more; until then it is offered again at each start, and when this throws.
   */
  readonly onFile: (path: string) => void | Promise<void>;
  readonly log?: SyslogLog;
  readonly disk?: SpoolDisk;
};

/** `received` of all transports = `durable` + `waiting` + `lost`. */
export type SyslogStats = IntakeCounts &
  SpoolCounts & {
    /** Undefined where the system does not tell. */
    readonly udpKernelDropped: number | undefined;
    readonly udpReceiveBufferBytes: number | undefined;
    readonly tcp: ConnectionCounts | undefined;
    readonly tls: ConnectionCounts | undefined;
    /** Files that the start found left open, and the ends of messages that were torn in them. */
    readonly recovered: number;
    readonly tornTails: number;
    readonly tornBytes: number;
    readonly handedOver: number;
    readonly handOverRefusals: number;
  };

export type SyslogListener = {
  readonly ports: { readonly udp?: number; readonly tcp?: number; readonly tls?: number };
  stats(): SyslogStats;
  /** Resolves when every message received so far is on disk, with the counts then. */
  flush(): Promise<SyslogStats>;
  /** Ends the listening, writes what is left, and hands the last file over. */
  stop(): Promise<void>;
};

/**
 * Receives syslog over UDP, TCP and TLS and keeps it in a folder that survives kill -9: messages are appended to a file in `open`, synced
 * in groups, and the file is moved to `ready` when it is large or old enough, and handed to `onFile`; see `SpoolLine` for its format. At
 * the start, files that an earlier process left in `open` are cut after their last complete line and moved too. A disk that is slow or
 * full makes TCP senders wait and UDP datagrams drop, which is counted and told.
 * @example const listener = await listenSyslog({ udp: { host: '0.0.0.0', port: 514 }, spool, clock, onFile: (path) => ingest(path) });
 */
export async function listenSyslog(settings: SyslogSettings): Promise<SyslogListener> {
  const limits = { ...DEFAULT_LIMITS, ...settings.limits };
  const log = settings.log ?? SILENT;
  const lock = lockSpool(settings.spool, limits.lockMs);
  const inputs: Inputs = {};
  try {
    const spool = await startSpool(settings, limits, log, (isBehind) => {
      inputs.tcp?.setPaused(isBehind);
      inputs.tls?.setPaused(isBehind);
    });
    const troubles = collectTroubles(log);
    const intake = createIntake(spool.writer);
    await openInputs(inputs, settings, { intake, clock: settings.clock, limits, troubles });
    for (const path of spool.recovered.ready) spool.handOver.offer(path);
    return running({ ...spool, inputs, intake, troubles, lock, tickMs: limits.tickMs });
  } catch (thrown) {
    await stopInputs(inputs);
    lock.release();
    throw thrown;
  }
}

type Inputs = { udp?: UdpInput; tcp?: StreamInput; tls?: StreamInput };

type Spool = { readonly recovered: RecoveredSpool; readonly writer: SpoolWriter; readonly handOver: HandOver };

type Running = Spool & {
  readonly inputs: Readonly<Inputs>;
  readonly intake: SyslogIntake;
  readonly troubles: Troubles;
  readonly lock: DataFolderLock;
  readonly tickMs: number;
};

function lockSpool(spool: string, waitMs: number): DataFolderLock {
  try {
    return lockDataFolder(spool, waitMs);
  } catch (cause) {
    const what = `Cannot take the folder ${spool} as the spool of the syslog listener`;
    const next = 'Check that this user may write there and that no other listener uses it';
    throw new YaguraError('store.unavailable', `${what}. ${next}: ${messageOf(cause)}`, { cause });
  }
}

async function startSpool(
  settings: SyslogSettings,
  limits: SyslogLimits,
  log: SyslogLog,
  onPressure: (isBehind: boolean) => void,
): Promise<Spool> {
  const { spool, clock, onFile, disk = localDisk } = settings;
  try {
    const recovered = await recoverSpool(spool, clock);
    const { tornTails, tornBytes } = recovered;
    if (recovered.recovered > 0)
      log.info(
        { spool, files: recovered.recovered, tornTails, tornBytes },
        'took over what an earlier listener left open',
      );
    const numbers = await openSpoolNumbers(spool, recovered.highestNumber, disk);
    const handOver = createHandOver({ onFile, clock, retryMs: limits.handOverRetryMs, log });
    const writer = createSpoolWriter({ spool, clock, limits, disk, numbers, log, onReady: handOver.offer, onPressure });
    return { recovered, writer, handOver };
  } catch (cause) {
    const what = `Cannot prepare the spool ${spool} of the syslog listener`;
    throw new YaguraError('store.unavailable', `${what}. Check the disk and who owns the folder: ${messageOf(cause)}`, {
      cause,
    });
  }
}

async function openInputs(inputs: Inputs, { udp, tcp, tls }: SyslogSettings, input: InputSettings): Promise<void> {
  if (udp !== undefined) inputs.udp = await listenUdp(udp, input);
  if (tcp !== undefined) inputs.tcp = await listenTcp(tcp, input);
  if (tls !== undefined) inputs.tls = await listenTls(tls, input);
}

async function stopInputs({ udp, tcp, tls }: Readonly<Inputs>): Promise<void> {
  await Promise.all([udp?.stop(), tcp?.stop(), tls?.stop()]);
}

function running(all: Running): SyslogListener {
  const { inputs, writer, handOver, troubles } = all;
  const ticker = setInterval(() => {
    writer.tick();
    handOver.tick();
    inputs.tcp?.tick();
    inputs.tls?.tick();
    // Its files are read and nothing else; the next tick tells what this one found.
    void inputs.udp?.tick();
    troubles.tell();
  }, all.tickMs);
  const stop = async (): Promise<void> => {
    clearInterval(ticker);
    try {
      await inputs.udp?.tick();
      await stopInputs(inputs);
      await writer.close();
      await handOver.settled();
    } finally {
      troubles.tell();
      all.lock.release();
    }
  };
  let stopping: Promise<void> | undefined;
  return {
    ports: portsOf(inputs),
    stats: () => statsOf(all),
    flush: async () => {
      await writer.flush();
      return statsOf(all);
    },
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

function portsOf({ udp, tcp, tls }: Readonly<Inputs>): SyslogListener['ports'] {
  return {
    ...(udp === undefined ? {} : { udp: udp.port }),
    ...(tcp === undefined ? {} : { tcp: tcp.port }),
    ...(tls === undefined ? {} : { tls: tls.port }),
  };
}

function statsOf({ inputs, intake, writer, handOver, recovered }: Running): SyslogStats {
  const { tcp, tls } = inputs;
  return {
    ...intake.counts,
    received: { ...intake.counts.received },
    ...writer.counts,
    udpKernelDropped: inputs.udp?.kernelDropped(),
    udpReceiveBufferBytes: inputs.udp?.receiveBufferBytes,
    tcp: tcp === undefined ? undefined : { ...tcp.counts },
    tls: tls === undefined ? undefined : { ...tls.counts },
    recovered: recovered.recovered,
    tornTails: recovered.tornTails,
    tornBytes: recovered.tornBytes,
    handedOver: handOver.counts.handedOver,
    handOverRefusals: handOver.counts.refusals,
  };
}
