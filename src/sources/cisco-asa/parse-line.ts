import type { DecodeContext } from '#core/lake/source/log-source.ts';
import { deviceLine, headTime, timeColumns } from '#core/lake/text/device-line.ts';
import { hostColumns, senderAddress } from '#core/lake/text/host-columns.ts';
import type { ParsedLine } from '#core/lake/text/line-rows.ts';
import { adminFact } from './admin-facts.ts';
import type { AsaFact, End } from './asa-fact.ts';
import { findingFact } from './finding-facts.ts';
import { firepowerFact, firepowerIds, firepowerPairs } from './firepower-facts.ts';
import { accessFact, connectionFact, otherFlowFact } from './flow-facts.ts';
import { signInFact } from './sign-in-facts.ts';

/** `%ASA-6-302013:`; the class of a session and the colon may be there or not. */
const mnemonic = /%(ASA|FTD|PIX|FWSM)-(?:([a-z]{1,20})-)?([0-7])-(\d{6})(?:: ?| )/;
/** Further into a message than this no head reaches. */
const headLimit = 1024;
/** A text is looked into as far as this; beyond it only the message itself is kept. */
const factLimit = 8192;
/** As many open connections are remembered as a firewall may have between two messages of one of them. */
const rememberedConnections = 50_000;

/** A parser for the lines of one object: the end of a connection does not say which way it began. */
export function createParser(context: DecodeContext): (text: string) => ParsedLine {
  const openConnections = new Map<string, string>();
  return (text) => {
    const line = deviceLine(text, context);
    const found = mnemonic.exec(line.message.slice(0, headLimit + 100));
    const [marker, product = '', group, level = '', id = ''] = found ?? [];
    if (found === null || marker === undefined || found.index > headLimit) {
      const detail = 'the line has no message number such as %ASA-6-302013: is it from a Cisco ASA or FTD?';
      return { trouble: { reason: 'asa.no-message', detail } };
    }
    const message = line.message.slice(found.index + marker.length).trimEnd();
    const device = hostColumns(line.head.hostname);
    const pairs = firepowerIds.has(id) ? firepowerPairs(message.slice(0, 65_536)) : undefined;
    const fact = pairs === undefined ? factOf(message, openConnections) : firepowerFact(id, pairs);
    const { hostname: _, severity: __, msgId: ___, ...notes } = line.notes;
    const words = line.message.slice(0, found.index).trim();
    return {
      row: {
        message,
        id,
        product,
        level,
        mnemonic: marker.replace(/[: ]+$/, ''),
        ...timeColumns(headTime(line)),
        original: line.head.timestampText,
        device: { ip: device.ip ?? senderAddress(line.from), hostname: device.hostname, name: device.name },
        ...(fact !== undefined && isWhole(fact) ? { fact } : {}),
        ...(pairs === undefined ? {} : { pairs }),
        syslog: {
          ...notes,
          ...(group === undefined ? {} : { messageClass: group }),
          ...(words === '' ? {} : { words }),
        },
      },
    };
  };
}

function factOf(message: string, openConnections: Map<string, string>): AsaFact | undefined {
  if (message.length > factLimit) return undefined;
  const known =
    connectionFact(message, (connection) => {
      const direction = openConnections.get(connection);
      openConnections.delete(connection);
      return direction;
    }) ??
    accessFact(message) ??
    otherFlowFact(message) ??
    signInFact(message) ??
    adminFact(message) ??
    findingFact(message);
  if (known?.activity === 'open' && known.direction === 'outbound' && known.connection !== undefined)
    remember(openConnections, known.connection, known.direction);
  return known;
}

function remember(openConnections: Map<string, string>, connection: string, direction: string): void {
  openConnections.set(connection, direction);
  const [oldest] = openConnections.keys();
  if (openConnections.size > rememberedConnections && oldest !== undefined) openConnections.delete(oldest);
}

/** A fact that OCSF has a place for: a flow has two ends, a sign-in a user, a change of an account its name. */
function isWhole(fact: AsaFact): boolean {
  switch (fact.topic) {
    case 'flow':
    case 'http':
      return isKnown(fact.src) && isKnown(fact.dst);
    case 'sign-in':
      return fact.user !== undefined;
    case 'account':
      return fact.account !== undefined;
    default:
      return true;
  }
}

function isKnown(end: End | undefined): boolean {
  return (end?.ip ?? end?.hostname ?? end?.name ?? end?.interface) !== undefined;
}
