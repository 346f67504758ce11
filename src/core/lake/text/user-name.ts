/** The columns of a user as OCSF has them. */
export interface UserColumns {
  readonly user_name: string | null;
  readonly user_domain: string | null;
}

/** Takes the Windows domain off `EXAMPLE\alice`, so that one person has one name in all logs; `alice@example.com` stays whole. */
export function userColumns(text: string | undefined): UserColumns {
  if (text === undefined || text === '') return { user_name: null, user_domain: null };
  const border = text.indexOf('\\');
  const name = text.slice(text.startsWith('\\\\', border) ? border + 2 : border + 1);
  const isSplit = border > 0 && name !== '' && !name.includes('\\');
  return isSplit ? { user_name: name, user_domain: text.slice(0, border) } : { user_name: text, user_domain: null };
}
