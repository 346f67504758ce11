import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startMock } from './mock-server.ts';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '8585' }, variant: { type: 'string', default: 'usual' } },
});
const variant = (['usual', 'large', 'empty'] as const).find((each) => each === values.variant) ?? 'usual';
const consoleDir = join(import.meta.dirname, '..', 'dist');
const mock = await startMock({ variant, port: Number(values.port), consoleDir });
console.error(`The mock (${variant}) serves ${consoleDir} on ${mock.url}`);
