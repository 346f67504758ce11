import { join } from 'node:path';
import { peersFolder } from './install.ts';
import { freePort, type Server, startServer } from './server-process.ts';

/** Starts moto server on a free port of the loopback interface and waits until it answers. */
export async function startMotoServer(programs: string, signal: AbortSignal): Promise<Server> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  return startServer({
    name: 'moto server',
    command: join(programs, 'moto_server'),
    args: ['--host', '127.0.0.1', '--port', String(port)],
    url,
    log: join(peersFolder, 'moto.log'),
    patienceSeconds: 60,
    signal,
    isReady: async (patience) => (await fetch(`${url}/moto-api/`, { signal: patience })).ok,
  });
}
