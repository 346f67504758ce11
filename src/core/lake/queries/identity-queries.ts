import { defineQuery } from '#core/lake/queries/built-in-query.ts';
import { callRows } from '#core/lake/queries/call-rows.ts';

export const failedConsoleSignIns = defineQuery({
  id: 'failed-console-sign-ins',
  title: { en: 'Failed console sign-ins', ja: 'コンソールへのサインイン失敗' },
  answers: {
    en: 'Who failed to sign in to the console from where and how often, and how often the same sign-in then succeeded.',
    ja: '誰がどこからコンソールへのサインインに何回失敗したか。同じ組み合わせでの成功回数も示します。',
  },
  parameters: [],
  rows: { calls: callRows },
  sql: () => `SELECT account, principal, target, src_ip,
  count(CASE WHEN status_id = 2 THEN 1 END) AS failures,
  count(CASE WHEN status_id = 1 THEN 1 END) AS successes,
  min(CASE WHEN status_id = 2 THEN event_time END) AS first_failure,
  max(CASE WHEN status_id = 2 THEN event_time END) AS last_failure,
  max(CASE WHEN status_id = 1 THEN event_time END) AS last_success,
  min(CASE WHEN status_id = 2 THEN message END) AS reason
FROM calls
WHERE operation = 'ConsoleLogin'
GROUP BY account, principal, target, src_ip
HAVING count(CASE WHEN status_id = 2 THEN 1 END) > 0
ORDER BY failures DESC, last_failure DESC, account, principal, target, src_ip`,
});

export const rootUse = defineQuery({
  id: 'root-use',
  title: { en: 'Use of root users', ja: 'ルートユーザーの使用' },
  answers: {
    en: 'Everything that was done as the root user of an account; what AWS services did in its name is left out.',
    ja: 'アカウントのルートユーザーとして行われたすべての操作。AWS サービスが代行したものは除きます。',
  },
  parameters: [],
  rows: { calls: { ...callRows, fields: { ...callRows.fields, invoked_by: 'actor.invoked_by' } } },
  sql: () => `SELECT event_time, account, region, service, operation, src_ip, user_agent, is_mfa,
  CASE WHEN status_id = 2 THEN COALESCE(error, 'Failure') END AS error, message
FROM calls
WHERE user_type = 'Root' AND invoked_by IS NULL
ORDER BY event_time DESC, account, service, operation, src_ip, user_agent, message`,
});

export const newIdentities = defineQuery({
  id: 'new-identities',
  title: { en: 'New users, roles and keys', ja: '新しいユーザー・ロール・キー' },
  answers: {
    en: 'Users, roles, access keys, passwords and other ways in that somebody made, and whoever was let into a role.',
    ja: '作成されたユーザー、ロール、アクセスキー、パスワードなどの侵入口になりうるものと、ロールを使えるようにされた相手。',
  },
  parameters: [],
  rows: { calls: callRows },
  sql: () => `SELECT event_time, account, operation, target, principal, access_key, src_ip, user_agent,
  CASE WHEN status_id = 2 THEN COALESCE(error, 'Failure') END AS error
FROM calls
WHERE service = 'iam.amazonaws.com' AND operation IN ('CreateUser', 'CreateAccessKey', 'CreateLoginProfile', 'UpdateLoginProfile',
  'CreateRole', 'UpdateAssumeRolePolicy', 'CreateServiceSpecificCredential', 'UploadSSHPublicKey', 'UploadSigningCertificate',
  'CreateSAMLProvider', 'CreateOpenIDConnectProvider', 'AddUserToGroup', 'AttachUserPolicy', 'PutUserPolicy')
ORDER BY event_time DESC, account, operation, target, principal, src_ip, user_agent`,
});

export const accessDeniedBursts = defineQuery({
  id: 'access-denied-bursts',
  title: { en: 'Bursts of AccessDenied', ja: 'AccessDenied の集中' },
  answers: {
    en: 'Principals that were refused at least so often within one hour: somebody is trying what they may do.',
    ja: '1 時間以内に指定回数以上拒否されたプリンシパル。何ができるかを試している可能性があります。',
  },
  parameters: ['least'],
  rows: { calls: callRows },
  sql: () => `SELECT date_trunc('hour', event_time) AS hour, account, principal, src_ip, count(*) AS refused,
  count(DISTINCT operation) AS operations, min(operation) AS first_operation, max(operation) AS last_operation,
  min(event_time) AS first_at, max(event_time) AS last_at
FROM calls
WHERE error IN ('AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'Client.UnauthorizedOperation', 'UnauthorizedAccess',
  'AuthorizationError', 'NotAuthorized', 'Forbidden')
GROUP BY date_trunc('hour', event_time), account, principal, src_ip
HAVING count(*) >= $least
ORDER BY refused DESC, hour DESC, account, principal, src_ip`,
});
