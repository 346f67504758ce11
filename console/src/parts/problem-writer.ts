import { useMemo } from 'react';
import type { FindingDetail } from '#ports/http-api.ts';
import { useOutside } from '../api/api-context.tsx';
import { findingApiPath } from '../api/api-paths.ts';
import { useNotifier } from '../app/notifications.tsx';
import { useTexts } from '../i18n/texts-context.tsx';

export type ProblemWriter = {
  /** The new state of the last problem that was changed, or undefined when none was. */
  acknowledge(keys: readonly string[]): Promise<FindingDetail | undefined>;
  assign(keys: readonly string[], to: string | null): Promise<FindingDetail | undefined>;
};

/** Changes problems and says how it went. */
export function useProblemWriter(): ProblemWriter {
  const { api } = useOutside();
  const { t } = useTexts();
  const notifier = useNotifier();
  return useMemo(() => {
    const each = async (
      keys: readonly string[],
      write: (key: string) => Promise<FindingDetail>,
      said: { done: (count: number) => string; failed: string },
    ) => {
      let done = 0;
      let last: FindingDetail | undefined;
      let failure: unknown;
      // One after the other: a burst of a hundred writes would only queue in the server's store.
      for (const key of keys) {
        try {
          last = await write(key);
          done += 1;
        } catch (cause) {
          failure = cause;
          break;
        }
      }
      if (done > 0) notifier.success(said.done(done));
      if (failure !== undefined) notifier.failure(said.failed, failure);
      return last;
    };
    return {
      acknowledge: (keys) =>
        each(keys, (key) => api.post<FindingDetail>(findingApiPath(key, 'acknowledge'), {}), {
          done: (count) => t('action.acknowledge.done', { count }),
          failed: t('action.acknowledge.failed'),
        }),
      assign: (keys, to) =>
        each(keys, (key) => api.post<FindingDetail>(findingApiPath(key, 'assign'), { to }), {
          done: (count) =>
            to === null ? t('action.unassign.done', { count }) : t('action.assign.done', { count, to }),
          failed: t('action.assign.failed'),
        }),
    };
  }, [api, notifier, t]);
}
