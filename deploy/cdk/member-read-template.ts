import type { DeploymentSettings } from './deployment-settings.ts';
import { memberRoleName } from './hub-names.ts';

/** CloudFormation template of the optional role in member accounts, for a StackSet or by hand. */
export function memberReadTemplate(settings: DeploymentSettings): object {
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'Yagura: what the hub may read in this account to say who caused a finding and whose resource it is',
    Resources: {
      MemberRead: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: memberRoleName,
          Description: 'Yagura reads recent CloudTrail events, resource history and resource tags',
          MaxSessionDuration: 3600,
          AssumeRolePolicyDocument: trustPolicy(settings),
          Policies: [{ PolicyName: 'Read', PolicyDocument: readPolicy }],
        },
      },
    },
    Outputs: { RoleArn: { Value: { 'Fn::GetAtt': ['MemberRead', 'Arn'] } } },
  };
}

function trustPolicy(settings: DeploymentSettings): object {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${settings.hubAccount}:root` },
        Action: 'sts:AssumeRole',
        Condition: {
          StringEquals: { 'sts:ExternalId': settings.externalId, 'aws:PrincipalOrgID': settings.organizationId },
          ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${settings.hubAccount}:role/yagura-*` },
        },
      },
    ],
  };
}

const readPolicy = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      // None of these three calls knows a narrower resource.
      Action: ['cloudtrail:LookupEvents', 'config:GetResourceConfigHistory', 'tag:GetResources'],
      Resource: '*',
    },
  ],
};
