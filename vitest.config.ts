import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{src,test,scripts,bench,console/src,deploy/cdk}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/cdk.out/**', '**/*.peer.test.ts'],
    environment: 'node',
    pool: 'forks',
    // node:sqlite is still marked experimental; the warning on every worker hides real ones.
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: { TZ: 'UTC' },
    restoreMocks: true,
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
