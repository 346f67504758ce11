import type { AuditEntry } from '#core/audit/audit-entry.ts';
import { chain } from '#core/audit/audit-entry.ts';
import type { Exception } from '#core/notification/exception.ts';
import type { AuditStore, ExceptionStore, SettingStore, UnknownEvent, UnknownEventStore } from '#ports/state-store.ts';

/** Accepted risks in a map. */
export function memoryExceptions(): ExceptionStore {
  const exceptions = new Map<string, Exception>();
  return {
    exceptions: async () => [...exceptions.values()].sort((a, b) => b.createdAt - a.createdAt),
    saveException: async (exception) => {
      const silenced = exceptions.get(exception.id)?.silenced ?? exception.silenced;
      exceptions.set(exception.id, { ...exception, silenced });
    },
    countSilenced: async (counts) => {
      for (const [id, count] of counts) {
        const known = exceptions.get(id);
        if (known !== undefined) exceptions.set(id, { ...known, silenced: known.silenced + count });
      }
    },
  };
}

/** The audit chain in a list. */
export function memoryAudit(): AuditStore {
  const entries: AuditEntry[] = [];
  return {
    appendAudit: async (draft) => {
      const entry = chain(draft, entries.at(-1));
      entries.push(entry);
      return entry;
    },
    auditEntries: async (after, limit) => entries.slice(after, after + limit),
  };
}

/** Events nobody understood, in a map. */
export function memoryUnknownEvents(): UnknownEventStore & { forgetUnknown(limitAt: number): number } {
  const events = new Map<string, UnknownEvent>();
  return {
    keepUnknown: async (given) => {
      for (const event of given) if (!events.has(event.id)) events.set(event.id, event);
    },
    unknownCounts: async () => {
      const counts = new Map<string, { detailType: string; reason: string; count: number }>();
      for (const { detailType, reason } of events.values()) {
        const group = JSON.stringify([detailType, reason]);
        counts.set(group, { detailType, reason, count: (counts.get(group)?.count ?? 0) + 1 });
      }
      return [...counts.values()];
    },
    forgetUnknown: (limitAt) => {
      const old = [...events.values()].filter(({ at }) => at < limitAt);
      for (const { id } of old) events.delete(id);
      return old.length;
    },
    unknownEvents: async (limit) => [...events.values()].sort((a, b) => b.at - a.at).slice(0, limit),
  };
}

/** Named values in a map. */
export function memorySettings(): SettingStore {
  const settings = new Map<string, string>();
  return {
    setting: async (name) => settings.get(name),
    putSetting: async (name, value, expected) => {
      if (expected !== undefined && settings.get(name) !== expected.value) return false;
      settings.set(name, value);
      return true;
    },
  };
}
