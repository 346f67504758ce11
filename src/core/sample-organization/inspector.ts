import { type AsffFinding, asffResource, imported } from './asff.ts';
import { DAY, HOUR, isoSeconds, MINUTE, SECOND } from './calendar.ts';
import { accountIdOf } from './cast-accounts.ts';
import { instanceNamed } from './cast-instances.ts';
import { resources } from './cast-resources.ts';
import { instanceResource } from './guardduty-asff.ts';
import { BEFORE_THE_STORY, launchedAt } from './launch.ts';
import { importedV2, type OcsfFinding, ocsfResource } from './ocsf.ts';
import { stableHex, stableIndex } from './random.ts';
import type { Resource } from './resource.ts';
import type { JsonObject, SampleEvent } from './types.ts';
import { type VulnerabilityFact, vulnerabilityFacts } from './vulnerability-facts.ts';
import type { World } from './world.ts';

type Vulnerable = {
  readonly fact: VulnerabilityFact;
  readonly resource: Resource;
  readonly foundAt: number;
  readonly states: readonly { readonly at: number; readonly closed: boolean }[];
};

/** What Inspector finds, through Security Hub in both its forms. */
export function inspectorEvents(world: World): SampleEvent[] {
  return vulnerableResources(world).flatMap((vulnerable) =>
    vulnerable.states.flatMap((state, index) => {
      const label = `inspector|${vulnerable.fact.id}|${vulnerable.resource.key}|${index}`;
      const time = state.at + (15 + stableIndex(label, 100)) * SECOND;
      const finding = toAsff(vulnerable, state, world);
      const alsoFromMember = stableIndex(finding.id, 8) === 0;
      const asAsff = imported({ finding, time, beat: null, label, alsoFromMember });
      const alsoV2 = stableIndex(`v2|${finding.id}`, 3) === 0;
      return alsoV2 ? [...asAsff, importedV2(toOcsf(vulnerable, state), time + 2 * MINUTE, null, label)] : asAsff;
    }),
  );
}

function vulnerableResources(world: World): Vulnerable[] {
  const scanned = [...resources.values()].filter(
    (resource) =>
      ['AWS::EC2::Instance', 'AWS::ECR::Repository', 'AWS::Lambda::Function'].includes(resource.type) &&
      resource.account !== accountIdOf('sandbox-hackathon') &&
      !resource.name.startsWith('miner'),
  );
  return scanned.flatMap((resource) =>
    vulnerabilityFacts
      .filter((fact) => fits(fact, resource))
      .flatMap((fact): Vulnerable[] => {
        const random = world.random(`inspector|${fact.id}|${resource.key}`);
        if (!random.chance(0.24)) return [];
        const early = random.chance(0.6);
        const foundAt =
          world.calendar.start +
          HOUR +
          Math.floor(random.next() * (early ? 3 * DAY : 12 * DAY)) +
          random.between(0, 999);
        const states = [{ at: foundAt, closed: false }];
        for (let at = foundAt + random.between(50, 80) * HOUR; at < world.calendar.end - DAY; at += 96 * HOUR) {
          states.push({ at, closed: false });
        }
        if (random.chance(0.35)) states.push({ at: foundAt + random.between(90, 200) * HOUR, closed: true });
        const ordered = states.sort((a, b) => a.at - b.at);
        const end = ordered.findIndex((state) => state.closed);
        return [{ fact, resource, foundAt, states: end === -1 ? ordered : ordered.slice(0, end + 1) }];
      }),
  );
}

function fits(fact: VulnerabilityFact, resource: Resource): boolean {
  if (resource.type === 'AWS::EC2::Instance') return fact.manager === 'OS';
  if (resource.type === 'AWS::Lambda::Function') return fact.manager === 'NPM' || fact.manager === 'PIP';
  return fact.manager !== 'OS' || stableIndex(`${fact.id}${resource.key}`, 3) === 0;
}

function findingArn({ fact, resource }: Vulnerable): string {
  const id = stableHex(`inspector-finding|${fact.id}|${resource.key}`, 32);
  return `arn:aws:inspector2:${resource.region}:${resource.account}:finding/${id}`;
}

function toAsff(vulnerable: Vulnerable, state: Vulnerable['states'][number], world: World): AsffFinding {
  const { fact, resource, foundAt } = vulnerable;
  return {
    id: findingArn(vulnerable),
    product: 'aws/inspector',
    productName: 'Inspector',
    companyName: 'Amazon',
    generatorId: 'AWSInspector',
    account: resource.account,
    region: resource.region,
    types: ['Software and Configuration Checks/Vulnerabilities/CVE'],
    firstObservedAt: foundAt,
    lastObservedAt: state.at,
    createdAt: foundAt,
    updatedAt: state.at,
    label: fact.label,
    title: `${fact.id} - ${fact.name}`,
    description: fact.description,
    remediation: { text: `Update ${fact.name} to ${fact.fixedIn} or later.` },
    productFields: {
      'aws/inspector/ProductVersion': '2',
      'aws/inspector/FindingStatus': state.closed ? 'CLOSED' : 'ACTIVE',
      'aws/inspector/inspectorScore': String(fact.score),
    },
    resources: [resourceEntry(resource, world)],
    workflow: 'NEW',
    recordState: state.closed ? 'ARCHIVED' : 'ACTIVE',
    more: { Vulnerabilities: [vulnerabilityEntry(fact)] },
  };
}

function resourceEntry(resource: Resource, world: World): JsonObject {
  if (resource.type === 'AWS::EC2::Instance') {
    const instance = instanceNamed(resource.name);
    return instanceResource(instance, launchedAt(world.story, instance));
  }
  if (resource.type === 'AWS::Lambda::Function') {
    return asffResource(resource, {
      FunctionName: resource.name,
      Runtime: 'nodejs18.x',
      LastModified: isoSeconds(BEFORE_THE_STORY),
    });
  }
  const digest = `sha256:${stableHex(`image|${resource.key}`, 64)}`;
  const image = `${resource.arn}/${digest}`;
  return {
    Type: 'AwsEcrContainerImage',
    Id: image,
    Partition: 'aws',
    Region: resource.region,
    Details: {
      AwsEcrContainerImage: {
        RegistryId: resource.account,
        RepositoryName: resource.name,
        Architecture: 'arm64',
        ImageDigest: digest,
        ImageTags: ['latest'],
      },
    },
  };
}

function vulnerabilityEntry(fact: VulnerabilityFact): JsonObject {
  return {
    Id: fact.id,
    VulnerablePackages: [
      {
        Name: fact.name,
        Version: fact.version,
        Epoch: '0',
        PackageManager: fact.manager,
        FixedInVersion: fact.fixedIn,
      },
    ],
    Cvss: [{ Version: '3.1', BaseScore: fact.score, BaseVector: fact.vector, Source: 'NVD' }],
    Vendor: { Name: 'NVD', Url: `https://nvd.nist.gov/vuln/detail/${fact.id}`, VendorSeverity: fact.label },
    FixAvailable: 'YES',
    ExploitAvailable: fact.exploit,
  };
}

function toOcsf(vulnerable: Vulnerable, state: Vulnerable['states'][number]): OcsfFinding {
  const { fact, resource, foundAt } = vulnerable;
  return {
    class: 'vulnerability',
    product: 'aws/inspector',
    productName: 'Inspector',
    uid: findingArn(vulnerable),
    account: resource.account,
    region: resource.region,
    title: `${fact.id} - ${fact.name}`,
    description: fact.description,
    types: ['Software and Configuration Checks/Vulnerabilities/CVE', 'Vulnerabilities'],
    label: fact.label,
    status: state.closed ? 'RESOLVED' : 'NEW',
    activity: state.closed ? 'Close' : state.at === foundAt ? 'Create' : 'Update',
    firstSeenAt: foundAt,
    lastSeenAt: state.at,
    createdAt: foundAt,
    modifiedAt: state.at,
    resources: [ocsfResource(resource)],
    more: {
      vulnerabilities: [
        {
          affected_packages: [
            {
              name: fact.name,
              version: fact.version,
              fixed_in_version: fact.fixedIn,
              package_manager: fact.manager,
            },
          ],
          cve: {
            uid: fact.id,
            desc: fact.description,
            cvss: [
              {
                base_score: fact.score,
                severity: fact.label,
                vector_string: fact.vector,
                vendor_name: 'NVD',
                version: '3.1',
              },
            ],
          },
          is_exploit_available: fact.exploit === 'YES',
          is_fix_available: true,
        },
      ],
    },
  };
}
