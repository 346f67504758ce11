import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findJdk } from './jdk.ts';
import { peersCache, provideArtifact } from './maven-artifact.ts';
import { mavenRepository } from './maven-repository.ts';
import { freePort, type Server, startServer } from './server-process.ts';

// Athena engine version 3 is a Trino.
const version = '476';

/** A running Trino and the folder that is `local:///` for it. */
export interface TrinoServer extends Server {
  readonly lakeFolder: string;
}

const javaOptions = [
  '-Xmx1g',
  // Compiling less pays off for a server that lives for minutes.
  '-XX:TieredStopAtLevel=1',
  '-XX:+ExitOnOutOfMemoryError',
  '-Dfile.encoding=UTF-8',
  // As in Athena, where it cannot be changed.
  '-Duser.timezone=UTC',
  '-Djdk.attach.allowAttachSelf=true',
  '--enable-native-access=ALL-UNNAMED',
  '--sun-misc-unsafe-memory-access=allow',
];

const serverSettings = (port: number, plugins: string, folder: string): string => `node.environment=peers
node.bind-ip=127.0.0.1
node.internal-address=127.0.0.1
coordinator=true
node-scheduler.include-coordinator=true
http-server.http.port=${port}
discovery.uri=http://127.0.0.1:${port}
web-ui.enabled=false
plugin.dir=${plugins}
catalog.config-dir=${folder}/catalogs
`;

// Partition projection is what the Glue tables of the lake use; Trino has it switched off.
const catalogSettings = (lakeFolder: string): string => `connector.name=hive
hive.metastore=file
hive.metastore.catalog.dir=local:///.metastore
hive.partition-projection-enabled=true
hive.allow-register-partition-procedure=true
fs.native-local.enabled=true
local.location=${lakeFolder}
`;

/** Provides Trino and starts it with one catalog, `lake`, over Parquet files in a folder of its own. */
export async function startTrino(folder: string, signal: AbortSignal): Promise<TrinoServer> {
  const { home } = await findJdk(24);
  const source = { repository: mavenRepository(process.env, homedir()), cache: peersCache(), signal };
  const [core, plugins] = await Promise.all([
    provideArtifact({
      ...source,
      path: `io/trino/trino-server-core/${version}/trino-server-core-${version}.tar.gz`,
      unpack: (file) => ['tar', '-xzf', file],
    }),
    provideArtifact({
      ...source,
      path: `io/trino/trino-hive/${version}/trino-hive-${version}.zip`,
      unpack: (file) => [join(home, 'bin/jar'), 'xf', file],
    }),
  ]);
  const lakeFolder = join(folder, 'lake');
  const port = await freePort();
  for (const made of [lakeFolder, join(folder, 'catalogs')]) mkdirSync(made, { recursive: true });
  writeFileSync(join(folder, 'config.properties'), serverSettings(port, plugins, folder));
  writeFileSync(join(folder, 'catalogs/lake.properties'), catalogSettings(lakeFolder));
  const url = `http://127.0.0.1:${port}`;
  const server = await startServer({
    name: 'Trino',
    command: join(home, 'bin/java'),
    args: [
      ...javaOptions,
      '-Dconfig=config.properties',
      '-cp',
      `${core}/trino-server-core-${version}/lib/*`,
      'io.trino.server.TrinoServer',
    ],
    url,
    log: `${folder}.log`,
    patienceSeconds: 180,
    signal,
    isReady: (patience) => hasStarted(url, patience),
    folder,
  });
  return { ...server, lakeFolder };
}

async function hasStarted(url: string, signal: AbortSignal): Promise<boolean> {
  const answer = await fetch(`${url}/v1/info`, { signal });
  return answer.ok && (await answer.text()).includes('"starting":false');
}
