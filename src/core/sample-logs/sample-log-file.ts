/** The kinds of log that the sample organization writes. */
export type SampleLogSource =
  | 'cloudtrail'
  | 'vpc-flow'
  | 'route53-resolver'
  | 'waf'
  | 'alb'
  | 's3-access'
  | 'eks-audit'
  | 'config'
  | 'linux-auth'
  | 'fortigate';

/** One object as the source would deliver it, not yet compressed. */
export type SampleLogFile = {
  /** The object's key, or its path for logs that do not come through S3. */
  readonly key: string;
  readonly content: Buffer | string;
  /** True when the source delivers it as gzip. */
  readonly gzip: boolean;
  readonly source: SampleLogSource;
  readonly records: number;
  /** When it is delivered; files come in this order. */
  readonly at: number;
};

/** A file that has not been written yet. */
export type FileJob = { readonly at: number; build(): SampleLogFile };
