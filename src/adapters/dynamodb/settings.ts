import type { Random } from '#ports/clock.ts';
import type { SettingStore } from '#ports/state-store.ts';
import type { Contents } from './contents.ts';
import { partsOf } from './contents.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { digest, settingItemKey } from './keys.ts';
import type { Put } from './requests.ts';

type Tools = { readonly table: DynamoTable; readonly contents: Contents; readonly random: Random };
type Condition = Pick<Put, 'condition' | 'names' | 'values'>;

/** Named values of any size; compared by a hash, because a condition cannot look into gzip. */
export function createSettings({ table, contents, random }: Tools): SettingStore {
  return {
    // Setting items hold texts.
    setting: async (name) => (await contents.valueAt(settingItemKey(name))) as string | undefined,
    putSetting: async (name, value, expected) => {
      const key = settingItemKey(name);
      const mark = random.id();
      const { attributes, parts } = await contents.pack(key, value);
      const item = { ...key, ...attributes, valueDigest: digest(value), mark };
      const { written, before } = await table.write({ kind: 'put', item, wantsBefore: true, ...conditionOf(expected) });
      if (written) {
        if (before !== undefined) await contents.discard(partsOf(before));
        return true;
      }
      // Our own write whose answer was lost fails its condition when it is repeated.
      if ((await table.get(key))?.['mark'] === mark) return true;
      await contents.discard(parts);
      return false;
    },
  };
}

function conditionOf(expected: { readonly value: string | undefined } | undefined): Condition {
  if (expected === undefined) return {};
  if (expected.value === undefined) return { condition: 'attribute_not_exists(pk)' };
  return {
    condition: '#digest = :digest',
    names: { '#digest': 'valueDigest' },
    values: { ':digest': digest(expected.value) },
  };
}
