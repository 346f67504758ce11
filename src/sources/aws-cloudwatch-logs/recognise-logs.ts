import type { ObjectSample } from '#core/lake/source/log-source.ts';

/** Log groups whose events other sources read. */
const otherGroup = /^\/aws\/eks\/[^/]+\/cluster$|^\/aws\/rds\/.+\/(?:audit|postgresql)$|^aws-waf-logs-/;

/** Names that the messages of other sources have, all of one line together; a name is looked for with its quotes. */
const otherNames: readonly (readonly string[])[] = [
  ['eventVersion', 'eventSource', 'eventName'], // CloudTrail
  ['query_timestamp', 'query_name', 'query_class'], // Resolver
  ['firewall_name', 'event_timestamp', 'event'], // Network Firewall
  ['webaclId', 'terminatingRuleId', 'httpRequest'], // WAF
  ['auditID', 'requestURI', 'stage'], // Kubernetes
  ['configurationItemCaptureTime', 'resourceType'], // Config
  ['SchemaVersion', 'ProductArn', 'AwsAccountId'], // Security Hub
  ['schemaVersion', 'accountId', 'service', 'severity', 'arn'], // GuardDuty
  ['published', 'eventType', 'legacyEventType', 'debugContext'], // Okta
];
/** Services whose events EventBridge may write to a log group. */
const otherEvent = /"source"\s*:\s*"aws\.(?:guardduty|securityhub|inspector2?|macie|config|health|access-analyzer)"/;
const otherText =
  /^\d{1,2} \d{12} (?:eni|tgw)-|^version account-id |schemas\.microsoft\.com\/win\/2004\/08\/events\/event|^type=[A-Z_]{2,40} msg=audit\(/;

/** True for subscriptions of CloudWatch Logs, unless another source reads what their messages hold. */
export function isLogSubscription({ text }: ObjectSample): boolean {
  if (!/^\s*[[{]/.test(text) || !/"logEvents"\s*:\s*\[/.test(text)) return false;
  if (!/"messageType"\s*:\s*"(?:DATA|CONTROL)_MESSAGE"/.test(text) && !/"logGroup"\s*:\s*"/.test(text)) return false;
  const groups = [...text.matchAll(/"logGroup"\s*:\s*"([^"\\]{1,512})"/g)].map(([, name = '']) => name);
  return !groups.some((group) => otherGroup.test(group)) && !messagesOf(text).some(isOfOtherSource);
}

const messagesLookedAt = 5;

/** The first messages as they were before they were quoted; the last may be cut off. */
function messagesOf(text: string): readonly string[] {
  const starts = [...text.matchAll(/"message"\s*:\s*"/g)].slice(0, messagesLookedAt);
  return starts.map((start) => {
    const from = start.index + start[0].length;
    return unquoted(text, from);
  });
}

function unquoted(text: string, from: number): string {
  let message = '';
  for (let at = from; at < text.length && text[at] !== '"'; at += 1) {
    if (text[at] === '\\') at += 1;
    message += text[at] ?? '';
  }
  return message;
}

function isOfOtherSource(message: string): boolean {
  if (!message.startsWith('{')) return otherText.test(message);
  if (message.includes('"detail-type"') && otherEvent.test(message)) return true;
  return otherNames.some((names) => names.every((name) => message.includes(`"${name}"`)));
}
