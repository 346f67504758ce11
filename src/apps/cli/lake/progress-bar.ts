import type { Terminal } from '#apps/cli/output.ts';
import type { IngestSummary } from '#engine/lake/ingest-objects.ts';

export interface ProgressBar {
  readonly show: (summary: IngestSummary) => void;
  end(): void;
}

const everyMs = 200;

/** One line on standard error that is written anew a few times a second; nothing where it is no terminal. */
export function progressBar(terminal: Terminal): ProgressBar {
  if (process.stderr.isTTY !== true) return { show: () => undefined, end: () => undefined };
  const started = performance.now();
  let shownAt = 0;
  return {
    show: (summary) => {
      const now = performance.now();
      if (now - shownAt < everyMs) return;
      shownAt = now;
      const rate = Math.round(summary.records / Math.max(0.001, (now - started) / 1000));
      terminal.err(
        `\r${summary.objects} objects  ${summary.records.toLocaleString('en')} records  ${rate.toLocaleString('en')}/s  ${summary.quarantined} quarantined   `,
      );
    },
    end: () => terminal.err('\n'),
  };
}
