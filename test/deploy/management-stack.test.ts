import { describe, expect, it } from 'vitest';
import { memberReadTemplate } from '../../deploy/cdk/member-read-template.ts';
import { channelsConfig } from './configurations.ts';
import { resourcesOf, stackNamed, synthesize } from './synthesized.ts';

const synthesized = synthesize(channelsConfig, { memberReadOus: 'ou-abcd-11111111, ou-abcd-22222222' });
const management = stackNamed(synthesized, 'YaguraManagement');

describe('the role in the management account', () => {
  const [role] = resourcesOf([management], 'AWS::IAM::Role').filter(
    ({ Properties }) => Properties['RoleName'] === 'YaguraOrganizationRead',
  );

  it('is assumed by two roles of the hub, with the external id', () => {
    expect(role?.Properties['AssumeRolePolicyDocument']).toMatchObject({
      Statement: [
        {
          Action: 'sts:AssumeRole',
          Principal: { AWS: 'arn:aws:iam::444455556666:root' },
          Condition: {
            StringEquals: { 'sts:ExternalId': 'yagura-o-exampleorgid' },
            ArnEquals: {
              'aws:PrincipalArn': [
                'arn:aws:iam::444455556666:role/yagura-directory-refresh',
                'arn:aws:iam::444455556666:role/yagura-health-poller',
              ],
            },
          },
        },
      ],
    });
  });

  it('reads only', () => {
    const policies = JSON.stringify(role?.Properties['Policies']);

    const actions = [...policies.matchAll(/"((?:organizations|health):\w+)"/g)].map(([, action]) => action ?? '');
    expect(actions.length).toBeGreaterThan(8);
    expect(actions.filter((action) => !/:(Describe|List)/.test(action))).toEqual([]);
  });

  it('exists once, in us-east-1', () => {
    expect(
      resourcesOf(synthesized.stacks, 'AWS::IAM::Role').filter(
        ({ Properties }) => Properties['RoleName'] === 'YaguraOrganizationRead',
      ),
    ).toHaveLength(1);
    expect(management.region).toBe('us-east-1');
  });
});

describe('the read role in member accounts', () => {
  it('is off by default', () => {
    expect(resourcesOf(synthesize(channelsConfig).stacks, 'AWS::CloudFormation::StackSet')).toEqual([]);
  });

  it('comes to all accounts of the chosen OUs by a StackSet that follows new accounts', () => {
    const [stackSet] = resourcesOf([management], 'AWS::CloudFormation::StackSet');

    expect(stackSet?.Properties).toMatchObject({
      PermissionModel: 'SERVICE_MANAGED',
      AutoDeployment: { Enabled: true },
      StackInstancesGroup: [{ DeploymentTargets: { OrganizationalUnitIds: ['ou-abcd-11111111', 'ou-abcd-22222222'] } }],
      TemplateBody: JSON.stringify(memberReadTemplate(synthesized.settings)),
    });
  });

  it('trusts the functions of the hub alone', () => {
    expect(memberReadTemplate(synthesized.settings)).toMatchObject({
      Resources: {
        MemberRead: {
          Properties: {
            AssumeRolePolicyDocument: {
              Statement: [
                {
                  Condition: {
                    StringEquals: { 'sts:ExternalId': 'yagura-o-exampleorgid', 'aws:PrincipalOrgID': 'o-exampleorgid' },
                    ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::444455556666:role/yagura-*' },
                  },
                },
              ],
            },
          },
        },
      },
    });
  });
});

describe('stacks without uploads', () => {
  it('need no bootstrap and fit into one CloudFormation call', () => {
    const forwarding = synthesized.stacks.filter(({ name }) => name !== 'YaguraHub');

    expect(forwarding).toHaveLength(6);
    for (const { name, text } of forwarding) {
      expect(text, name).not.toContain('BootstrapVersion');
      expect(Buffer.byteLength(text), name).toBeLessThan(51_200);
    }
  });
});
