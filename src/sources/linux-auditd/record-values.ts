import type { AuditRecord } from './audit-event.ts';
import { type AuditField, isMissing } from './audit-fields.ts';
import { execArguments, fieldText, isExecArgument, titleText } from './decode-value.ts';

interface LabelledRecord {
  readonly label: string;
  readonly values: Map<string, string>;
  readonly words: string;
  readonly isEmpty: boolean;
}

/** State: the values of an event's records that no column has taken yet, by label and field. */
export class RecordValues {
  /** The arguments of a program that was started. */
  readonly arguments: readonly string[];
  readonly #records: readonly LabelledRecord[];

  constructor(records: readonly AuditRecord[]) {
    const counts = new Map<string, number>();
    const execFields: AuditField[] = [];
    this.#records = records.map(({ type, fields, words }) => {
      const count = counts.get(type) ?? 0;
      counts.set(type, count + 1);
      if (type === 'EXECVE') execFields.push(...fields);
      // The last record of an event says nothing else.
      const isEmpty = fields.length === 0 && words === '' && type !== 'EOE';
      return { label: labelOf(type, count), values: valuesOf(type, fields), words, isEmpty };
    });
    this.arguments = execArguments(execFields);
  }

  see(label: string, key: string): string | undefined {
    return this.#of(label)?.get(key);
  }

  take(label: string, key: string): string | undefined {
    return this.takeIf(label, key, () => true);
  }

  takeIf(label: string, key: string, test: (value: string) => boolean): string | undefined {
    const values = this.#of(label);
    const value = values?.get(key);
    if (value === undefined || !test(value)) return undefined;
    values?.delete(key);
    return value;
  }

  /** The outcome, under either of its names. */
  takeResult(label: string, read: (text: string | undefined) => string | undefined): string | null {
    for (const key of ['res', 'success']) {
      const taken = this.takeIf(label, key, (value) => read(value) !== undefined);
      if (taken !== undefined) return read(taken) ?? null;
    }
    return null;
  }

  /** What the records say outside their fields. */
  words(): string {
    return this.#records.find(({ words }) => words !== '')?.words ?? '';
  }

  /** Everything that was not taken. */
  rest(): Readonly<Record<string, string>> {
    const rest = this.#records.flatMap(({ label, values, words, isEmpty }) => {
      const named = [...values].map(([key, value]): [string, string] => [
        `${label}.${key}`,
        key === 'proctitle' ? titleText(value) : value,
      ]);
      const text: [string, string][] = words === '' && !isEmpty ? [] : [[label, words]];
      return [...named, ...text];
    });
    return Object.fromEntries([...rest, ...this.#argumentList()]);
  }

  #of(label: string): Map<string, string> | undefined {
    return this.#records.find((record) => record.label === label)?.values;
  }

  /** Joined by spaces, arguments with spaces or without a character cannot be told apart. */
  #argumentList(): readonly [string, string][] {
    const isClear = this.arguments.every((argument) => argument !== '' && !/\s/.test(argument));
    return isClear ? [] : [['EXECVE.args', JSON.stringify(this.arguments)]];
  }
}

/** An event has several paths; of other types it has one, as a rule. */
function labelOf(type: string, count: number): string {
  return type === 'PATH' || count > 0 ? `${type}[${count}]` : type;
}

function valuesOf(type: string, fields: readonly AuditField[]): Map<string, string> {
  const values = new Map<string, string>();
  for (const field of fields) {
    if (isMissing(field) || (type === 'EXECVE' && isExecArgument(field.key))) continue;
    let key = field.key;
    for (let number = 2; values.has(key); number += 1) key = `${field.key} (${number})`;
    values.set(key, fieldText(field));
  }
  return values;
}
