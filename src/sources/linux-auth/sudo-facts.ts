import { type AuthFact, factOf } from './auth-fact.ts';

const HEAD = /^\s{0,16}(.{1,256}?) : /s;
const VALUE = /^([A-Z]{2,12})=(.*)$/s;
const COMMAND = 'COMMAND=';

/**
 * What a message of `sudo` says: `alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/bin/ls`, with a reason before the values
 * where it refused. What stands behind the first COMMAND is the command, whatever it looks like.
 */
export function sudoFact(message: string): AuthFact | undefined {
  const head = HEAD.exec(message);
  if (head?.[1] === undefined) return undefined;
  const text = message.slice(head[0].length);
  const at = text.startsWith(COMMAND) ? 0 : text.indexOf(` ; ${COMMAND}`);
  if (at < 0) return undefined;
  const parts = text.slice(0, at).split(' ; ');
  const values = new Map(
    parts.flatMap((part) => {
      const [, name, value] = VALUE.exec(part) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value] as const];
    }),
  );
  const reasons = parts.filter((part) => part !== '' && !VALUE.test(part));
  const others = Object.fromEntries(
    [...values].flatMap(([name, value]) => (name === 'TTY' || name === 'USER' ? [] : [[`sudo.${name}`, value]])),
  );
  return factOf('command', {
    actor: head[1],
    user: values.get('USER'),
    terminal: values.get('TTY'),
    command: text.slice(at === 0 ? COMMAND.length : at + COMMAND.length + 3),
    detail: reasons.length === 0 ? undefined : reasons.join(' ; '),
    failed: reasons.length > 0 || undefined,
    others: Object.keys(others).length === 0 ? undefined : others,
  });
}
