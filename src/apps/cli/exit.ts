/** Done, failed, wrong usage, done with some records quarantined. */
export type ExitCode = 0 | 1 | 2 | 3;

/** A command ended in another way than by throwing an error. */
export class Exit extends Error {
  readonly code: ExitCode;

  constructor(code: ExitCode) {
    super(`exit ${code}`);
    this.code = code;
  }
}
