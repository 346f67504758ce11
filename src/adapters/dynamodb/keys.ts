import { createHash } from 'node:crypto';
import type { ProblemKey, ProblemKind } from '#core/finding/observation.ts';
import type { ProblemStatus } from '#core/finding/problem.ts';
import type { OutboxState } from '#core/notification/outbox.ts';

/** The primary key of an item. */
export type ItemKey = { readonly pk: string; readonly sk: string };

/** Partitions a list is spread over: one takes 1,000 writes a second, and all are read at the same time. */
export const SHARDS: readonly number[] = [0, 1, 2, 3];

// A sort key holds 1,024 bytes, and ours join at most one part with fixed-width numbers.
const LONGEST_PART = 300;
const SAFE = /[^A-Za-z0-9\-_.:/@|=+,*$()]/g;

/**
 * Any text as one part of a key: plain where it can be, escaped by UTF-16 unit where it cannot (so that lone surrogates, NUL and
 * our separator `#` survive), and a hash where it is too long. Different texts never give the same part.
 */
export function keyPart(text: string): string {
  // Escaping only adds, so a longer text cannot fit and is not worth escaping.
  const escaped = text.length > LONGEST_PART ? text : text.replace(SAFE, escapeUnit);
  return escaped.length > LONGEST_PART ? `!${hashOf(text).toString('hex')}` : escaped;
}

/** 132 bits of a text, for references that nobody reads. */
export function digest(text: string): string {
  return hashOf(text).toString('base64url').slice(0, 22);
}

/** A number that sorts as text; what is out of range sorts at the end it is beyond. */
export function padded(value: number): string {
  const whole = Math.floor(Math.min(Math.max(value, 0), Number.MAX_SAFE_INTEGER));
  return String(Number.isNaN(whole) ? 0 : whole).padStart(16, '0');
}

/** The partition of a list that `text` belongs to. */
export function shardOf(text: string): number {
  return (hashOf(text)[0] ?? 0) % SHARDS.length;
}

/** A problem; its history, raw event, threads and message references share the partition. */
export function problemItemKey(key: ProblemKey): ItemKey {
  return { pk: `P#${keyPart(key)}`, sk: 'P' };
}

/** The raw event of a problem. */
export function rawItemKey(key: ProblemKey): ItemKey {
  return { pk: problemItemKey(key).pk, sk: 'R' };
}

/** What one version of a problem added to its history. */
export function historyItemKey(key: ProblemKey, version: number): ItemKey {
  return { pk: problemItemKey(key).pk, sk: `H#${padded(version)}` };
}

/** The thread of a problem at a destination. */
export function threadItemKey(key: ProblemKey, destinationKey: string): ItemKey {
  return { pk: problemItemKey(key).pk, sk: `T#${keyPart(destinationKey)}` };
}

/** That a message is about a problem. */
export function mentionItemKey(key: ProblemKey, messageId: string): ItemKey {
  return { pk: problemItemKey(key).pk, sk: `M#${digest(messageId)}` };
}

/** That a message answers another one in its thread. */
export function answerItemKey(messageId: string, answerId: string): ItemKey {
  return { pk: messageItemKey(messageId).pk, sk: `A#${digest(answerId)}` };
}

export function outboxItemKey(id: string): ItemKey {
  return { pk: `O#${keyPart(id)}`, sk: 'O' };
}

/** How many items of a destination are claimed; held while there is one. */
export function laneItemKey(destinationKey: string): ItemKey {
  return { pk: `L#${keyPart(destinationKey)}`, sk: 'L' };
}

export function messageItemKey(id: string): ItemKey {
  return { pk: `M#${keyPart(id)}`, sk: 'M' };
}

export function exceptionItemKey(id: string): ItemKey {
  return { pk: 'E', sk: keyPart(id) };
}

export function auditItemKey(sequence: number): ItemKey {
  return { pk: 'A', sk: padded(sequence) };
}

export function unknownItemKey(id: string): ItemKey {
  return { pk: `U#${keyPart(id)}`, sk: 'U' };
}

export function settingItemKey(name: string): ItemKey {
  return { pk: `S#${keyPart(name)}`, sk: 'S' };
}

/**
 * Rows that may be claimed or are: one group, so that a row which is claimed and given back never leaves the index, and the next
 * claim cannot miss it because the index trails the table.
 */
export type OutboxGroup = 'active' | Exclude<OutboxState, 'queued' | 'sending'>;

/** Partitions of the list index. */
export const listPartition = {
  problems: (status: ProblemStatus, kind: ProblemKind, shard: number): string => `P#${status}#${kind}#${shard}`,
  outbox: (group: OutboxGroup, shard: number): string => `O#${group}#${shard}`,
  messages: (shard: number): string => `M#${shard}`,
  unknown: (shard: number): string => `U#${shard}`,
};

function escapeUnit(unit: string): string {
  return `%${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

function hashOf(text: string): Buffer {
  // UTF-8 would turn every lone surrogate into the same replacement character.
  return createHash('sha256').update(Buffer.from(text, 'utf16le')).digest();
}
