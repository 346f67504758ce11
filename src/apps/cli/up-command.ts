import { resolve } from 'node:path';
import { Command } from 'commander';
import { createLogger } from '#adapters/logger/logger.ts';
import { createRedactor } from '#adapters/logger/redactor.ts';
import { createEnvironmentSecrets } from '#adapters/secrets/environment-secrets.ts';
import { loadConfig, readConfigText, wholeNumber, withData } from '#apps/cli/options.ts';
import type { Terminal } from '#apps/cli/output.ts';
import { startCollector } from '#apps/server/collector.ts';
import { startYagura } from '#apps/server/start-yagura.ts';
import { version } from '#apps/version.ts';

const LEVELS = ['error', 'warn', 'info', 'debug'] as const;

/** yagura up */
export function upCommand(terminal: Terminal): Command {
  return withData(new Command('up'))
    .description(
      'Start the embedded home: intake, delivery and console in one process. Without yagura.yaml it plays the sample organization.',
    )
    .option('--port <port>', 'port of the console (default: server.port of yagura.yaml, 8484)', wholeNumber(0, 65_535))
    .option('--host <address>', 'address to listen on; loopback only until sign-in exists')
    .addHelpText('after', '\nExample:\n  yagura up --config yagura.yaml --data /var/lib/yagura\n')
    .action(async (options: { data: string; config?: string; port?: number; host?: string }) => {
      const configText = readConfigText(options, terminal);
      if (configText !== undefined) loadConfig(configText, options.config ?? 'yagura.yaml');
      const redactor = createRedactor();
      const level = LEVELS.find((name) => name === terminal.env['YAGURA_LOG_LEVEL']) ?? 'warn';
      const running = await startYagura({
        dataDir: resolve(terminal.cwd, options.data),
        configText,
        port: options.port,
        host: options.host,
        secrets: createEnvironmentSecrets({ env: terminal.env, onSecret: (value) => redactor.hide(value) }),
        env: terminal.env,
        log: createLogger({ level, redactor }),
        consoleDir: resolve(import.meta.dirname, '../../../console/dist'),
        version,
      });
      terminal.err(
        `Yagura is ready: ${running.url}${running.isSample ? '  (sample organization; write yagura.yaml for your own)' : ''}\n`,
      );
      const collector = startCollector(resolve(terminal.cwd, options.data), running.sampleEnd, terminal);
      await untilSignal();
      terminal.err('Stopping…\n');
      await Promise.all([collector.stop(), running.stop()]);
    });
}

function untilSignal(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => done());
  });
}
