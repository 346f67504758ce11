import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findJdk } from './jdk.ts';
import { peersCache, provideArtifact } from './maven-artifact.ts';
import { mavenRepository } from './maven-repository.ts';
import { freePort, type Server, startServer } from './server-process.ts';

const version = '3.4.0';
const archive = `org/opensearch/distribution/integ-test-zip/opensearch/${version}/opensearch-${version}.zip`;

// It refuses to run as root; this is the user "nobody", who owns nothing.
const nobody = { uid: 65_534, gid: 65_534 };

// What its own start script would give, without the four programs that this script runs before it.
const javaOptions = [
  '-Xms512m',
  '-Xmx512m',
  // Compiling less pays off for a server that lives for minutes.
  '-XX:TieredStopAtLevel=1',
  '--add-modules=jdk.incubator.vector',
  '--enable-native-access=ALL-UNNAMED',
  '-Djava.awt.headless=true',
  '-Dfile.encoding=UTF-8',
  '-Dio.netty.noUnsafe=true',
  '-Dlog4j.shutdownHookEnabled=false',
  '-Dlog4j2.disable.jmx=true',
  '-Dopensearch.distribution.type=zip',
  '-Dopensearch.bundled_jdk=false',
];

const logging = `status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%-25c{1.}] %m%n
rootLogger.level = info
rootLogger.appenderRef.console.ref = console
`;

const settings = (folder: string, port: number): string => `cluster.name: yagura-peers
node.name: peer
discovery.type: single-node
network.host: 127.0.0.1
http.port: ${port}
transport.port: 0
path.data: ${folder}/data
path.logs: ${folder}/logs
# A nearly full disk of a developer must not make the indices read-only.
cluster.routing.allocation.disk.threshold_enabled: false
node.store.allow_mmap: false
`;

/** Provides OpenSearch and starts it as a single node without security; its data lives in this folder. */
export async function startOpenSearch(folder: string, signal: AbortSignal): Promise<Server> {
  const { home } = await findJdk(21);
  const unpacked = await provideArtifact({
    path: archive,
    repository: mavenRepository(process.env, homedir()),
    cache: peersCache(),
    unpack: (file) => [join(home, 'bin/jar'), 'xf', file],
    signal,
  });
  const distribution = join(unpacked, `opensearch-${version}`);
  const port = await freePort();
  const user = process.getuid?.() === 0 ? nobody : undefined;
  prepareFolder(folder, port, user);
  const url = `http://127.0.0.1:${port}`;
  return startServer({
    name: 'OpenSearch',
    command: join(home, 'bin/java'),
    args: [
      ...javaOptions,
      `-Djava.io.tmpdir=${folder}/tmp`,
      `-javaagent:${distribution}/agent/opensearch-agent.jar`,
      `-Dopensearch.path.home=${distribution}`,
      `-Dopensearch.path.conf=${folder}/config`,
      '-cp',
      `${distribution}/lib/*`,
      'org.opensearch.bootstrap.OpenSearch',
    ],
    url,
    log: `${folder}.log`,
    patienceSeconds: 120,
    signal,
    isReady: (patience) => isGreen(url, patience),
    folder,
    ...(user === undefined ? {} : { user }),
  });
}

function prepareFolder(folder: string, port: number, user: typeof nobody | undefined): void {
  const folders = [folder, ...['config', 'data', 'logs', 'tmp'].map((name) => join(folder, name))];
  for (const made of folders) {
    mkdirSync(made, { recursive: true });
    if (user !== undefined) chownSync(made, user.uid, user.gid);
  }
  writeFileSync(join(folder, 'config/opensearch.yml'), settings(folder, port));
  writeFileSync(join(folder, 'config/log4j2.properties'), logging);
}

async function isGreen(url: string, signal: AbortSignal): Promise<boolean> {
  const answer = await fetch(`${url}/_cluster/health`, { signal });
  return answer.ok && (await answer.text()).includes('"status":"green"');
}
