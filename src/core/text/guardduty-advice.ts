import type { Language } from '#core/notification/destination.ts';

/** The same text in every language. */
export type Words = Readonly<Record<Language, string>>;

/** What a service owner does first, by what GuardDuty saw. */
export const guardDutyAdvice = {
  isolateInstance: {
    en: 'Isolate the instance in a security group that allows no traffic, keep a snapshot of its volumes as evidence, and replace it from a clean image.',
    ja: '通信を許可しないセキュリティグループに移してインスタンスを隔離し、証拠として EBS スナップショットを取得したうえで、正常なイメージから作り直してください。',
  },
  stopWorkload: {
    en: 'Stop the affected task, pod or instance, keep its image and logs as evidence, and start a clean one from an image you have checked.',
    ja: '該当するタスク、Pod またはインスタンスを停止し、イメージとログを証拠として保全したうえで、確認済みのイメージから起動し直してください。',
  },
  stopFunction: {
    en: 'Set the reserved concurrency of the function to 0, check its code and dependencies, and deploy a clean version.',
    ja: '関数の予約済み同時実行数を 0 にして停止し、コードと依存ライブラリを確認してから、正常なバージョンをデプロイしてください。',
  },
  checkTraffic: {
    en: 'Check whether a change of yours explains this traffic; if nothing does, isolate the instance and look for malware.',
    ja: '最近の変更によるものかどうかを確認し、心当たりがなければインスタンスを隔離してマルウェアの有無を調べてください。',
  },
  closePort: {
    en: 'Close the port to the internet in the security group, or allow only the addresses that need it.',
    ja: 'セキュリティグループでインターネットからの該当ポートへのアクセスを閉じるか、必要な送信元だけを許可してください。',
  },
  bruteForce: {
    en: 'Allow this port for known addresses only and check whether a login succeeded; if your instance is the source, isolate it.',
    ja: '該当ポートの送信元を既知のアドレスに限定し、ログインの成功がないかを確認してください。自分のインスタンスが攻撃元の場合は隔離してください。',
  },
  metadata: {
    en: 'Require IMDSv2 on the instance, revoke the sessions of its role, and check what the role was used for in CloudTrail.',
    ja: 'インスタンスで IMDSv2 を必須にし、ロールのセッションを取り消したうえで、CloudTrail でロールの使用状況を確認してください。',
  },
  stolenKey: {
    en: 'Deactivate the access key or revoke the sessions of the role now, then review in CloudTrail what was done with it.',
    ja: '直ちにアクセスキーを無効化するかロールのセッションを取り消し、その認証情報による操作を CloudTrail で確認してください。',
  },
  askUser: {
    en: 'Ask the user whether this was them; if not, deactivate the access key or revoke the sessions of the role, and review what was done in CloudTrail.',
    ja: '本人の操作かどうかを確認し、心当たりがなければアクセスキーの無効化またはロールのセッションの取り消しを行い、CloudTrail で操作内容を確認してください。',
  },
  askTester: {
    en: 'Check whether a penetration test was agreed; if not, treat the credentials as stolen and deactivate them now.',
    ja: '合意済みのペネトレーションテストかどうかを確認し、そうでなければ認証情報が盗まれたものとして直ちに無効化してください。',
  },
  rootUser: {
    en: 'Confirm with the owner of the account that the root user was needed; if not, change its password, delete its access keys and check its MFA device.',
    ja: 'ルートユーザーの使用が必要だったかをアカウントの責任者に確認し、心当たりがなければパスワードの変更、アクセスキーの削除、MFA デバイスの確認を行ってください。',
  },
  loggingOff: {
    en: 'Turn the logging on again, then find out who turned it off and whether that was agreed.',
    ja: 'ログ記録を再開したうえで、誰がどのような理由で停止したのかを確認してください。',
  },
  passwordPolicy: {
    en: 'Restore the password policy, then find out who weakened it and whether that was agreed.',
    ja: 'パスワードポリシーを元に戻したうえで、誰がどのような理由で変更したのかを確認してください。',
  },
  blockPublicAccess: {
    en: 'Turn Block Public Access on again unless this bucket has to be public, and find out who changed it.',
    ja: '公開する必要がなければブロックパブリックアクセスを再び有効にし、誰が変更したのかを確認してください。',
  },
  bucketAccess: {
    en: 'Check whether this caller should have access to the bucket; if not, deactivate the credentials and look in CloudTrail for what was read or changed.',
    ja: 'この呼び出し元にバケットへのアクセスを許可してよいかを確認し、不要であれば認証情報を無効化して、読み取り・変更された内容を CloudTrail で調べてください。',
  },
  bucketRestore: {
    en: 'Stop the caller by deactivating its credentials, then restore the objects from earlier versions or a backup.',
    ja: '認証情報を無効化して操作を止めたうえで、以前のバージョンまたはバックアップからオブジェクトを復元してください。',
  },
  maliciousObject: {
    en: 'Do not open or share the object; move it to quarantine, and find out who uploaded it.',
    ja: 'オブジェクトを開いたり共有したりせずに隔離し、誰がアップロードしたのかを確認してください。',
  },
  malware: {
    en: 'Isolate the resource, keep the scanned volume or image as evidence, and replace it from a clean source.',
    ja: '該当リソースを隔離し、スキャン対象のボリュームやイメージを証拠として保全したうえで、正常なものに置き換えてください。',
  },
  clusterAccess: {
    en: 'Check whether this caller should reach the Kubernetes API; if not, remove its permission and limit the endpoint to known addresses.',
    ja: 'この呼び出し元に Kubernetes API へのアクセスを許可してよいかを確認し、不要であれば権限を削除してエンドポイントの接続元を限定してください。',
  },
  clusterAnonymous: {
    en: 'Remove the role bindings of system:anonymous and system:unauthenticated, and limit the endpoint to known addresses.',
    ja: 'system:anonymous と system:unauthenticated へのロールバインディングを削除し、エンドポイントの接続元を限定してください。',
  },
  clusterChange: {
    en: 'Check with whoever deployed this whether it is meant to be so; if not, delete the pod or binding and review the audit log of the cluster.',
    ja: 'デプロイした担当者に意図した変更かどうかを確認し、そうでなければ該当の Pod やバインディングを削除して、クラスターの監査ログを確認してください。',
  },
  databaseLogin: {
    en: 'Check whether this login was expected; if not, change the password of the database user and allow connections from known addresses only.',
    ja: '想定されたログインかどうかを確認し、心当たりがなければデータベースユーザーのパスワードを変更し、接続元を既知のアドレスに限定してください。',
  },
  incident: {
    en: 'Treat this as a running attack: call the security team now, deactivate the credentials named here, and delete nothing that may be evidence.',
    ja: '進行中の攻撃として扱い、直ちにセキュリティチームへ連絡し、記載の認証情報を無効化してください。証拠となり得るものは削除しないでください。',
  },
  clusterIncident: {
    en: 'Treat this as a running attack: call the security team now, isolate the workloads named here, and delete nothing that may be evidence.',
    ja: '進行中の攻撃として扱い、直ちにセキュリティチームへ連絡し、記載のワークロードを隔離してください。証拠となり得るものは削除しないでください。',
  },
  unknown: {
    en: 'Open the finding, check whether this activity is expected, and if it is not, stop the resource or credentials it names.',
    ja: '検出結果を開いて想定された動作かどうかを確認し、心当たりがなければ記載のリソースや認証情報の使用を停止してください。',
  },
} as const satisfies Readonly<Record<string, Words>>;

export type GuardDutyAdvice = keyof typeof guardDutyAdvice;
