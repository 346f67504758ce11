import type { RecordTrouble } from '#core/lake/source/log-source.ts';
import { collectNames, type NameCollector } from '#core/lake/text/named-values.ts';
import { type SystemName, systemLabels, type WindowsEvent } from './windows-event.ts';
import { childOf, readXml, type XmlElement } from './xml.ts';

const systemNames: ReadonlyMap<string, SystemName> = new Map(
  // The keys are those of `systemLabels`.
  Object.entries(systemLabels).map(([name, label]) => [label.slice('System.'.length), name as SystemName]),
);

/** Reads `<Event>…</Event>` as Windows writes it. */
export function eventFromXml(text: string): WindowsEvent | RecordTrouble {
  const read = readXml(text);
  if (!read.ok) return { reason: read.reason, detail: read.detail };
  const { root } = read;
  const systemElement = childOf(root, 'System');
  if (root.name !== 'Event' || systemElement === undefined)
    return { reason: 'event.no-system', detail: 'the element has no System and so is no event of Windows' };
  const others = collectNames();
  const system = systemOf(systemElement, others);
  const data = collectNames();
  let dataLabel: WindowsEvent['dataLabel'] = 'EventData';
  let message: string | undefined;
  for (const child of root.children) {
    if (child === systemElement) continue;
    if (child.name === 'EventData') addEventData(child, data, others);
    else if (child.name === 'UserData') {
      dataLabel = 'UserData';
      addUserData(child, data, others);
    } else if (child.name === 'RenderingInfo') {
      message = childOf(child, 'Message')?.text ?? message;
      for (const inner of child.children)
        if (inner.name !== 'Message') addLeaves(inner, `RenderingInfo.${inner.name}`, others);
      addAttributes(child, 'RenderingInfo', others);
    } else addLeaves(child, child.name, others);
  }
  addAttributes(root, 'Event', others);
  return { system, data: data.values, dataLabel, others: others.values, ...(message === undefined ? {} : { message }) };
}

function systemOf(element: XmlElement, others: NameCollector): WindowsEvent['system'] {
  const leaves = collectNames();
  for (const child of element.children) addLeaves(child, child.name, leaves);
  const system: Partial<Record<SystemName, string>> = {};
  for (const [path, value] of Object.entries(leaves.values)) {
    const name = systemNames.get(path);
    if (name === undefined) others.add(`System.${path}`, value);
    else system[name] = value.trim();
  }
  return system;
}

function addEventData(element: XmlElement, data: NameCollector, others: NameCollector): void {
  addAttributes(element, 'EventData', others);
  let unnamed = 0;
  for (const child of element.children) {
    const given = child.attributes.get('Name');
    if (given === undefined && child.name === 'Data') unnamed += 1;
    const name = given ?? (child.name === 'Data' ? `param${unnamed}` : child.name);
    if (child.text.trim() !== '') data.add(name, child.text);
    for (const [attribute, value] of child.attributes) {
      if (attribute !== 'Name') others.add(`EventData.${name}.${attribute}`, value);
    }
    for (const inner of child.children) addLeaves(inner, `EventData.${name}.${inner.name}`, others);
  }
}

/** The values stand in an element named by the provider; its name is kept as `UserData`. */
function addUserData(element: XmlElement, data: NameCollector, others: NameCollector): void {
  for (const child of element.children) {
    others.add('UserData', child.name);
    addAttributes(child, 'UserData', others);
    if (child.text.trim() !== '') others.add('UserData.text', child.text.trim());
    for (const inner of child.children) addLeaves(inner, inner.name, data);
  }
}

function addLeaves(element: XmlElement, path: string, to: NameCollector): void {
  if (element.text.trim() !== '') to.add(path, element.children.length === 0 ? element.text : element.text.trim());
  addAttributes(element, path, to);
  for (const child of element.children) addLeaves(child, `${path}.${child.name}`, to);
}

function addAttributes(element: XmlElement, path: string, to: NameCollector): void {
  for (const [name, value] of element.attributes) if (value !== '') to.add(`${path}.${name}`, value);
}
