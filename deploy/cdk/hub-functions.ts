import type { DeploymentSettings } from './deployment-settings.ts';

/** What a function may do; each grant is a list of exact actions on exact resources (constructs/function-grants.ts). */
export type Grant =
  | 'table'
  | 'read-table'
  | 'config'
  | 'secret'
  | 'send-delivery'
  | 'send-slack'
  | 'assume-management'
  | 'publish-amazon-q';

/** One Lambda function of the hub as plain data. */
export type HubFunction = {
  readonly name: string;
  readonly description: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly grants: readonly Grant[];
  /** At most this many at once; absent: the account's pool. */
  readonly reserved?: number;
  readonly onlyWith?: 'slackApp' | 'healthPolling';
};

const hubFunctions: readonly HubFunction[] = [
  {
    name: 'router',
    description: 'Reads events, keeps the problems and writes what to tell whom',
    memoryMb: 512,
    timeoutSeconds: 60,
    grants: ['table', 'config', 'send-delivery'],
  },
  {
    name: 'delivery',
    description: 'Sends what is due to one destination, in order',
    memoryMb: 512,
    // One message a second and destination, and a pause when Slack asks for one: ten nudges take their time.
    timeoutSeconds: 300,
    grants: ['table', 'config', 'secret', 'publish-amazon-q'],
  },
  {
    name: 'sweeper',
    description: 'Queues again what is due and was not delivered, and the digests',
    memoryMb: 256,
    // Shorter than its schedule: runs never overlap.
    timeoutSeconds: 50,
    // The secret: it asks Slack whether a message that a crash left open got through.
    // The central team is told of a dead destination, also where that is a topic.
    grants: ['table', 'config', 'secret', 'send-delivery', 'publish-amazon-q'],
    reserved: 1,
  },
  {
    name: 'health-poller',
    description: 'Reads what changed in AWS Health for every account',
    memoryMb: 256,
    timeoutSeconds: 240,
    grants: ['table', 'config', 'assume-management'],
    reserved: 1,
    onlyWith: 'healthPolling',
  },
  {
    name: 'directory-refresh',
    description: 'Reads accounts, OUs and tags from AWS Organizations',
    memoryMb: 256,
    // AWS Organizations answers a handful of calls a second, whatever the number of accounts.
    timeoutSeconds: 600,
    grants: ['table', 'config', 'assume-management'],
    // Several accounts made at once must not walk the organization side by side.
    reserved: 1,
  },
  {
    name: 'slack-endpoint',
    description: "Verifies Slack's signature and answers within three seconds",
    // More memory is more CPU: a cold start has to fit into Slack's three seconds.
    memoryMb: 1024,
    timeoutSeconds: 10,
    // The table: a form names the problem, and has to open before a queue could have been asked.
    grants: ['read-table', 'config', 'secret', 'send-slack'],
    onlyWith: 'slackApp',
  },
  {
    name: 'slack-worker',
    description: 'Does what a button asked for',
    memoryMb: 512,
    timeoutSeconds: 60,
    grants: ['table', 'config', 'secret', 'send-delivery'],
    onlyWith: 'slackApp',
  },
];

/** The functions this deployment needs. */
export function functionsOf(settings: DeploymentSettings): HubFunction[] {
  return hubFunctions.filter(({ onlyWith }) => onlyWith === undefined || settings[onlyWith]);
}
