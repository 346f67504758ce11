import { open, rename } from 'node:fs/promises';

/** A file that is being written. */
export interface SpoolFile {
  /** Writes all of it or throws. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  truncate(length: number): Promise<void>;
  /** Returns when everything written is on disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** What the writer needs of a disk, so that tests can have a full or slow one. */
export interface SpoolDisk {
  /** `wx` makes a new file, `r+` opens one that is there. */
  open(path: string, flags: 'wx' | 'r+'): Promise<SpoolFile>;
  rename(from: string, to: string): Promise<void>;
  /** Makes sure that names in this folder outlive a power failure. */
  syncFolder(path: string): Promise<void>;
}

/** Whoever reads logs reads secrets. */
export const FILE_MODE = 0o600;

/** The machine's disk. */
export const localDisk: SpoolDisk = {
  open: async (path, flags) => {
    const file = await open(path, flags, FILE_MODE);
    return {
      write: async (bytes, position) => {
        for (let done = 0; done < bytes.length; ) {
          const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
          done += bytesWritten;
        }
      },
      truncate: (length) => file.truncate(length),
      sync: () => file.datasync(),
      close: () => file.close(),
    };
  },
  rename,
  syncFolder: async (path) => {
    // Not every system lets a folder be opened or synced; there the names are on disk as soon as the system likes.
    const folder = await open(path, 'r').catch(() => undefined);
    if (folder === undefined) return;
    try {
      await folder.sync().catch(() => undefined);
    } finally {
      await folder.close();
    }
  },
};
