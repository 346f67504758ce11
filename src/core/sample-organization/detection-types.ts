type DetectionType = {
  readonly type: string;
  readonly asffType: string;
  readonly severity: number;
  readonly featureName: string;
};

/** The GuardDuty finding types of the story with AWS's own names and default severities. */
export const detectionTypes = {
  anonymousBucket: s3('Policy:S3/BucketAnonymousAccessGranted', 'TTPs/Policy:S3-BucketAnonymousAccessGranted', 8),
  attackSequence: cloudTrail(
    'AttackSequence:IAM/CompromisedCredentials',
    'TTPs/AttackSequence:IAM-CompromisedCredentials',
    9,
  ),
  bitcoinDns: dns(
    'CryptoCurrency:EC2/BitcoinTool.B!DNS',
    'TTPs/Command and Control/CryptoCurrency:EC2-BitcoinTool.B!DNS',
    8,
  ),
  bitcoinFlow: flow('CryptoCurrency:EC2/BitcoinTool.B', 'TTPs/Command and Control/CryptoCurrency:EC2-BitcoinTool.B', 8),
  blockPublicAccessOff: s3(
    'Policy:S3/BucketBlockPublicAccessDisabled',
    'TTPs/Policy:S3-BucketBlockPublicAccessDisabled',
    2,
  ),
  consoleLogin: cloudTrail(
    'UnauthorizedAccess:IAMUser/ConsoleLoginSuccess.B',
    'Unusual Behaviors/User/UnauthorizedAccess:IAMUser-ConsoleLoginSuccess.B',
    5,
  ),
  controlDns: dns('Backdoor:EC2/C&CActivity.B!DNS', 'TTPs/Command and Control/Backdoor:EC2-C&CActivity.B!DNS', 8),
  denialOfService: flow(
    'Backdoor:EC2/DenialOfService.Tcp',
    'TTPs/Command and Control/Backdoor:EC2-DenialOfService.Tcp',
    8,
  ),
  dnsExfiltration: dns('Trojan:EC2/DNSDataExfiltration', 'TTPs/Command and Control/Trojan:EC2-DNSDataExfiltration', 8),
  execInKubeSystem: kubernetes(
    'Execution:Kubernetes/ExecInKubeSystemPod',
    'TTPs/Execution/Execution:Kubernetes-ExecInKubeSystemPod',
    5,
  ),
  iamDiscovery: cloudTrail('Discovery:IAMUser/AnomalousBehavior', 'TTPs/Discovery/IAMUser-AnomalousBehavior', 2),
  iamInitialAccess: cloudTrail(
    'InitialAccess:IAMUser/AnomalousBehavior',
    'TTPs/Initial Access/IAMUser-AnomalousBehavior',
    5,
  ),
  iamPersistence: cloudTrail('Persistence:IAMUser/AnomalousBehavior', 'TTPs/Persistence/IAMUser-AnomalousBehavior', 5),
  kubernetesAnonymous: kubernetes(
    'Discovery:Kubernetes/SuccessfulAnonymousAccess',
    'TTPs/Discovery/Discovery:Kubernetes-SuccessfulAnonymousAccess',
    5,
  ),
  portProbe: flow('Recon:EC2/PortProbeUnprotectedPort', 'TTPs/Discovery/Recon:EC2-PortProbeUnprotectedPort', 2),
  portscan: flow('Recon:EC2/Portscan', 'TTPs/Discovery/Recon:EC2-Portscan', 5),
  rootUse: cloudTrail('Policy:IAMUser/RootCredentialUsage', 'TTPs/Policy:IAMUser-RootCredentialUsage', 2),
  s3Discovery: s3('Discovery:S3/AnomalousBehavior', 'TTPs/Discovery:S3-AnomalousBehavior', 2),
  sshBruteForce: flow(
    'UnauthorizedAccess:EC2/SSHBruteForce',
    'TTPs/Initial Access/UnauthorizedAccess:EC2-SSHBruteForce',
    2,
  ),
  unusualPort: flow('Behavior:EC2/NetworkPortUnusual', 'Unusual Behaviors/VM/Behavior:EC2-NetworkPortUnusual', 5),
} as const satisfies Record<string, DetectionType>;

function cloudTrail(type: string, asffType: string, severity: number): DetectionType {
  return { type, asffType, severity, featureName: 'CloudTrail' };
}

function flow(type: string, asffType: string, severity: number): DetectionType {
  return { type, asffType, severity, featureName: 'FlowLogs' };
}

function dns(type: string, asffType: string, severity: number): DetectionType {
  return { type, asffType, severity, featureName: 'DnsLogs' };
}

function s3(type: string, asffType: string, severity: number): DetectionType {
  return { type, asffType, severity, featureName: 'S3DataEvents' };
}

function kubernetes(type: string, asffType: string, severity: number): DetectionType {
  return { type, asffType, severity, featureName: 'EksAuditLogs' };
}
