import { messageOf, YaguraError } from '#core/errors/yagura-error.ts';

export type Address = { readonly host: string; readonly port: number };

/** Why a port cannot be listened on, and what to do about it. */
export function notListening(transport: string, { host, port }: Address, cause: unknown): YaguraError {
  // Node's errors of sockets carry a code.
  const { code } = cause as NodeJS.ErrnoException;
  const hint =
    code === 'EADDRINUSE'
      ? 'The port is taken, perhaps by another syslog server; stop it or choose another port.'
      : code === 'EACCES'
        ? 'This user may not listen on this port; choose one above 1023 and let the firewall or container forward to it.'
        : messageOf(cause);
  return new YaguraError('input.invalid', `Cannot listen for syslog over ${transport} on ${host}:${port}. ${hint}`, {
    cause,
  });
}
