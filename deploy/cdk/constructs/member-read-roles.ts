import { CfnStackSet } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { DeploymentSettings } from '../deployment-settings.ts';
import { memberReadTemplate } from '../member-read-template.ts';

/** The optional read role in every account of the chosen OUs, also in accounts that come later. */
export class MemberReadRoles extends Construct {
  constructor(scope: Construct, settings: DeploymentSettings) {
    super(scope, 'MemberReadRoles');
    new CfnStackSet(this, 'StackSet', {
      stackSetName: 'YaguraMemberRead',
      description: 'Read role of Yagura in member accounts',
      permissionModel: 'SERVICE_MANAGED',
      autoDeployment: { enabled: true, retainStacksOnAccountRemoval: false },
      capabilities: ['CAPABILITY_NAMED_IAM'],
      templateBody: JSON.stringify(memberReadTemplate(settings)),
      stackInstancesGroup: [
        { deploymentTargets: { organizationalUnitIds: [...settings.memberReadOus] }, regions: [settings.homeRegion] },
      ],
      operationPreferences: { failureTolerancePercentage: 10, maxConcurrentPercentage: 25 },
    });
  }
}
