type Access = { readonly roleArn?: string; readonly externalId?: string };

/** The role in the management account: the configuration's, else the deployment's. */
export function managementAccess(
  env: Readonly<Record<string, string | undefined>>,
  configured: { roleArn?: string | undefined; externalId?: string | undefined },
): Access {
  const roleArn = configured.roleArn ?? env['YAGURA_MANAGEMENT_ROLE_ARN'];
  const externalId = configured.externalId ?? env['YAGURA_EXTERNAL_ID'];
  return { ...(roleArn ? { roleArn } : {}), ...(externalId ? { externalId } : {}) };
}
