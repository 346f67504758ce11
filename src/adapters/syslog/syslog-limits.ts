const SECOND_MS = 1_000;
const MIB = 1024 * 1024;

/** How much and how long; every one has a default. */
export type SyslogLimits = {
  /** A longer TCP or TLS message is cut; a datagram is never longer. */
  readonly messageBytes: number;
  /** What was written is on disk for certain at the latest after this time, or after this many bytes. */
  readonly syncMs: number;
  readonly syncBytes: number;
  /** A file is ready when it has this size or age. */
  readonly rotateBytes: number;
  readonly rotateMs: number;
  /** So many bytes may wait for the disk; beyond, TCP waits and UDP drops. */
  readonly behindBytes: number;
  /** For each of TCP and TLS. */
  readonly connections: number;
  readonly idleMs: number;
  readonly handshakeMs: number;
  /** Asked of the operating system, which may give less. */
  readonly udpReceiveBytes: number;
  /** Between two tries to write to a disk that refuses. */
  readonly retryMs: number;
  /** Between two tries to hand a file over. */
  readonly handOverRetryMs: number;
  /** How often ages are looked at and troubles told. */
  readonly tickMs: number;
  /** How long open connections may go on sending when the listener stops. */
  readonly graceMs: number;
  /** How long another process that uses the spool may take to end. */
  readonly lockMs: number;
};

export const DEFAULT_LIMITS: SyslogLimits = {
  messageBytes: 64 * 1024,
  syncMs: 200,
  syncBytes: MIB,
  rotateBytes: 16 * MIB,
  rotateMs: 60 * SECOND_MS,
  behindBytes: 8 * MIB,
  connections: 1_024,
  // Quiet hosts may have nothing to say for long, and lose what they send into a connection that was closed.
  idleMs: 60 * 60 * SECOND_MS,
  handshakeMs: 10 * SECOND_MS,
  udpReceiveBytes: 16 * MIB,
  retryMs: SECOND_MS,
  handOverRetryMs: 30 * SECOND_MS,
  tickMs: SECOND_MS,
  graceMs: SECOND_MS,
  lockMs: 3 * SECOND_MS,
};
