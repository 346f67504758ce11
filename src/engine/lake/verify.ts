import type { UpkeepPorts } from '#engine/lake/compact.ts';
import type { FileOnDisk, FileReading, RowsReading } from '#ports/lake-files.ts';
import type { LakeFile, LakeManifest, Miscount } from '#ports/lake-manifest.ts';

export type DamageKind =
  | 'file-missing'
  | 'file-broken'
  | 'file-size'
  | 'file-rows'
  | 'file-times'
  | 'orphan'
  | 'leftover'
  | Miscount['kind'];

/** Something that is not as the manifest says. */
export interface Damage {
  readonly kind: DamageKind;
  /** Path below the lake's root, or the uri of an object. */
  readonly of: string;
  readonly detail: string;
  /** It was put right. */
  readonly isFixed?: true;
}

export interface VerifyOptions {
  /** Reads all rows, not only the files' footers. */
  readonly deep: boolean;
  /** Removes orphans and leftovers that are old enough. */
  readonly fix: boolean;
  readonly onProgress?: (files: number) => void;
}

export interface VerifyReport {
  readonly files: number;
  readonly rows: number;
  readonly bytes: number;
  readonly damages: readonly Damage[];
  /** Young files that no manifest row names: somebody may be about to name them. */
  readonly young: number;
}

/** A file without a row in the manifest may be on its way into it for a moment; after an hour nobody comes for it. */
const orphanAgeMs = 3_600_000;
/** Standard input that is being read waits in the folder of work without a lock. */
const leftoverAgeMs = 86_400_000;
const mostMiscounts = 1000;
const isFixed = true as const;

/** Compares the manifest with the files and its counts with each other. */
export async function verifyLake(ports: UpkeepPorts, options: VerifyOptions): Promise<VerifyReport> {
  const { manifest } = ports;
  const report = { files: 0, rows: 0, bytes: 0 };
  const damages: Damage[] = [];
  const days = Map.groupBy(manifest.partitions(), ({ table, day }) => JSON.stringify([table, day]));
  for (const [partition] of days.values()) {
    if (partition === undefined) continue;
    const files = manifest.files({ tables: [partition.table], days: [partition.day] });
    damages.push(...(await damagesOf(files, ports, options)));
    report.files += files.length;
    report.rows += files.reduce((sum, file) => sum + file.rows, 0);
    report.bytes += files.reduce((sum, file) => sum + file.bytes, 0);
    options.onProgress?.(report.files);
  }
  damages.push(...manifest.miscounts(mostMiscounts).map(damageOfCount));
  const orphans = await orphansOf(ports, options);
  return {
    ...report,
    damages: [...damages, ...orphans.damages, ...(await leftoversOf(ports, options))],
    young: orphans.young,
  };
}

async function damagesOf(
  listed: readonly LakeFile[],
  ports: UpkeepPorts,
  options: VerifyOptions,
): Promise<readonly Damage[]> {
  const found: Damage[] = [];
  const footers = await ports.files.footers(listed.map((file) => file.path));
  for (const [index, file] of listed.entries()) {
    const footer = footers[index];
    const damage = footer === undefined ? undefined : await damageOfFile(file, footer, ports, options);
    // What is replaced while it is looked at is no damage.
    if (damage !== undefined && ports.manifest.files({ paths: [file.path] }).length > 0) found.push(damage);
  }
  return found;
}

async function damageOfFile(
  file: LakeFile,
  footer: FileReading,
  { files }: UpkeepPorts,
  { deep }: VerifyOptions,
): Promise<Damage | undefined> {
  const of = file.path;
  const size = await files.size(of);
  if (footer.kind === 'missing' || size === undefined)
    return { kind: 'file-missing', of, detail: `the file with ${file.rows} rows is not there` };
  if (size !== file.bytes)
    return { kind: 'file-size', of, detail: `${size} bytes on disk, ${file.bytes} in the manifest` };
  if (footer.kind === 'broken') return { kind: 'file-broken', of, detail: footer.detail };
  if (footer.rows !== file.rows)
    return { kind: 'file-rows', of, detail: `${footer.rows} rows in the file, ${file.rows} in the manifest` };
  return deep ? damageOfRows(file, await files.rows(of)) : undefined;
}

function damageOfRows(file: LakeFile, reading: RowsReading): Damage | undefined {
  const of = file.path;
  if (reading.kind === 'missing') return { kind: 'file-missing', of, detail: 'the file is gone' };
  if (reading.kind === 'broken') return { kind: 'file-broken', of, detail: reading.detail };
  const uris = new Set([...file.objects.keys(), ...reading.objects.keys()]);
  for (const uri of uris) {
    const found = reading.objects.get(uri) ?? 0;
    const expected = file.objects.get(uri) ?? 0;
    if (found !== expected)
      return { kind: 'file-objects', of, detail: `${found} rows of ${uri} in the file, ${expected} in the manifest` };
  }
  if (reading.minTime !== file.minTime || reading.maxTime !== file.maxTime)
    return {
      kind: 'file-times',
      of,
      detail: `events from ${reading.minTime} to ${reading.maxTime} in the file, ${file.minTime} to ${file.maxTime} in the manifest`,
    };
  return undefined;
}

const countNames: Readonly<Record<Miscount['kind'], readonly [expected: string, found: string]>> = {
  'file-objects': ['rows in the file', 'of its objects'],
  'object-records': ['records read', 'written, excluded and quarantined'],
  'object-rows': ['rows written', 'in files or expired'],
  'object-quarantine': ['records quarantined', 'in quarantine'],
  'object-exclusions': ['records excluded', 'by rules'],
};

function damageOfCount({ of, kind, expected, found }: Miscount): Damage {
  const [expectedName, foundName] = countNames[kind];
  return { kind, of, detail: `${expected} ${expectedName}, ${found} ${foundName}` };
}

async function orphansOf(
  { files, manifest, clock }: UpkeepPorts,
  { fix }: VerifyOptions,
): Promise<{ readonly damages: readonly Damage[]; readonly young: number }> {
  const damages: Damage[] = [];
  let young = 0;
  let some: FileOnDisk[] = [];
  const judge = async (): Promise<void> => {
    for (const found of unnamed(some, manifest)) {
      if ((await files.size(found.path)) === undefined) continue;
      if (clock.now() - found.changedAt < orphanAgeMs) young += 1;
      else {
        if (fix) await files.remove([found.path]);
        const detail = `${found.bytes} bytes that no row of the manifest names`;
        damages.push({ kind: 'orphan', of: found.path, detail, ...(fix ? { isFixed } : {}) });
      }
    }
    some = [];
  };
  for await (const found of files.list()) {
    some.push(found);
    if (some.length >= 1000) await judge();
  }
  await judge();
  return { damages, young };
}

/** The manifest is asked after the files were listed: what it let go meanwhile is retired, not unknown. */
function unnamed(found: readonly FileOnDisk[], manifest: LakeManifest): readonly FileOnDisk[] {
  const named = new Set(manifest.files({ paths: found.map(({ path }) => path) }).map((file) => file.path));
  for (const { path } of manifest.retired(Number.MAX_SAFE_INTEGER)) named.add(path);
  return found.filter(({ path }) => !named.has(path));
}

async function leftoversOf({ files, clock }: UpkeepPorts, { fix }: VerifyOptions): Promise<readonly Damage[]> {
  const damages: Damage[] = [];
  for (const { path, bytes, changedAt } of await files.leftovers()) {
    const age = clock.now() - changedAt;
    if (age < (path.endsWith('.part') ? leftoverAgeMs : orphanAgeMs)) continue;
    if (fix) await files.removeLeftover(path);
    const detail = `${bytes} bytes of a process that is gone`;
    damages.push({ kind: 'leftover', of: path, detail, ...(fix ? { isFixed } : {}) });
  }
  return damages;
}
