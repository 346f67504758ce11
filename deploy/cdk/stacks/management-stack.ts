import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { AccountPrincipal, Effect, PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { EventForwarding } from '../constructs/event-forwarding.ts';
import { MemberReadRoles } from '../constructs/member-read-roles.ts';
import type { DeploymentSettings } from '../deployment-settings.ts';
import { controlTowerRule, type EventRule, healthRule, organizationsRule } from '../event-patterns.ts';
import { hubBusArn, managementRoleName, managementRoleUsers } from '../hub-names.ts';
import { acknowledge } from '../nag.ts';

type ManagementStackProps = StackProps & { readonly settings: DeploymentSettings; readonly region: string };

/** Where AWS Organizations reports to; the management account's role lives in this Region's stack. */
export const organizationsRegion = 'us-east-1';

/** Regions of the management account with rules: Organizations and Health's copies, and Control Tower's home. */
export function managementRegions(settings: DeploymentSettings): string[] {
  return [...new Set([organizationsRegion, 'us-west-2', settings.homeRegion])];
}

/** What only the management account can see or read. */
export class ManagementStack extends Stack {
  constructor(scope: Construct, id: string, props: ManagementStackProps) {
    super(scope, id, props);
    const { settings, region } = props;
    new EventForwarding(this, { rules: rulesOf(region), hubBusArn: hubBusArn(settings) });
    if (region !== organizationsRegion) return;
    const role = createReadRole(this, settings);
    if (settings.memberReadOus.length > 0) new MemberReadRoles(this, settings);
    new CfnOutput(this, 'OrganizationReadRoleArn', {
      value: role.roleArn,
      description: 'The hub assumes it to read accounts and Health',
    });
  }
}

function rulesOf(region: string): EventRule[] {
  return [healthRule, controlTowerRule, ...(region === organizationsRegion ? [organizationsRule] : [])];
}

function createReadRole(scope: Construct, settings: DeploymentSettings): Role {
  const role = new Role(scope, 'OrganizationRead', {
    roleName: managementRoleName,
    description: 'Yagura reads accounts, OUs, tags and Health events of the organization',
    // The hub's roles need not exist yet, so the account is trusted and the condition names the roles.
    assumedBy: new AccountPrincipal(settings.hubAccount).withConditions({
      StringEquals: { 'sts:ExternalId': settings.externalId },
      ArnEquals: { 'aws:PrincipalArn': managementRoleUsers(settings) },
    }),
    inlinePolicies: {
      ReadOrganization: new PolicyDocument({ statements: organizationStatements(settings) }),
      ...(settings.healthPolling ? { ReadHealth: new PolicyDocument({ statements: [healthStatement()] }) } : {}),
    },
  });
  acknowledge(
    role,
    'AwsSolutions-IAM5[Resource::*]',
    'These List, Describe and Health calls are about the whole organization; AWS offers no narrower resource for them.',
  );
  acknowledge(
    role,
    `AwsSolutions-IAM5[Resource::${accountArns(settings)}]`,
    'Tags are read of every account of this organization, also of those that do not exist yet.',
  );
  return role;
}

function organizationStatements(settings: DeploymentSettings): PolicyStatement[] {
  return [
    new PolicyStatement({
      effect: Effect.ALLOW,
      actions: [
        'organizations:DescribeOrganization',
        'organizations:ListAccountsForParent',
        'organizations:ListOrganizationalUnitsForParent',
        'organizations:ListRoots',
      ],
      resources: ['*'],
    }),
    new PolicyStatement({
      effect: Effect.ALLOW,
      actions: ['organizations:ListTagsForResource'],
      resources: [accountArns(settings)],
    }),
  ];
}

function accountArns(settings: DeploymentSettings): string {
  return `arn:aws:organizations::${settings.managementAccount}:account/${settings.organizationId}/*`;
}

function healthStatement(): PolicyStatement {
  return new PolicyStatement({
    effect: Effect.ALLOW,
    // Those without "ForOrganization" are for the time before organizational view is turned on.
    actions: [
      'health:DescribeAffectedAccountsForOrganization',
      'health:DescribeAffectedEntities',
      'health:DescribeAffectedEntitiesForOrganization',
      'health:DescribeEventDetails',
      'health:DescribeEventDetailsForOrganization',
      'health:DescribeEvents',
      'health:DescribeEventsForOrganization',
      'health:DescribeHealthServiceStatusForOrganization',
    ],
    resources: ['*'],
  });
}
