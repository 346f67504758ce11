import { findingStatusCaptions, severityCaptions } from '#core/lake/schema/captions.ts';
import { classByUid } from '#core/lake/schema/ocsf-classes.ts';
import type { JsonObject } from '#core/lake/text/json-object.ts';
import {
  eachOf,
  ifAll,
  ifAny,
  integer,
  oneOf,
  scalar,
  scalars,
  times,
  type Used,
  type UsedValue,
  usedIf,
  whole,
} from '#core/lake/text/remainder.ts';

// What map.sql takes over whole of an OCSF finding of any version, and so need not stay in `unmapped`. `evidences` and
// `vulnerabilities` are not here: of these only parts are used, and a copy is kept.

const names = { name: scalar, uid: scalar };
const named: Used = ifAny(['name', 'uid'], names);
const account: Used = ifAny(['name', 'uid'], { ...names, type: scalar });

const resource: Used = ifAny(['name', 'uid'], {
  ...names,
  type: scalar,
  region: scalar,
  cloud_partition: scalar,
  namespace: scalar,
  version: scalar,
  criticality: scalar,
  data: whole,
  labels: scalars,
  tags: eachOf(ifAll(['name', 'value'], { name: scalar, value: scalar })),
  group: named,
  owner: ifAny(['name', 'uid', 'account'], { ...names, type: scalar, domain: scalar, account }),
});

const findingInfo: Used = {
  uid: scalar,
  title: scalar,
  desc: scalar,
  src_url: scalar,
  types: scalars,
  data_sources: scalars,
  ...times('created_time', 'modified_time', 'first_seen_time', 'last_seen_time'),
  analytic: ifAny(['name', 'uid'], {
    ...names,
    type: scalar,
    type_id: oneOf(0, 1, 2, 3, 4, 99),
    category: scalar,
    desc: scalar,
    version: scalar,
  }),
  attacks: eachOf({ tactic: named, technique: named, sub_technique: named }),
  related_events: eachOf(ifAll(['uid'], { uid: scalar, type: scalar, product: { uid: scalar } })),
};

const metadata: Used = {
  uid: scalar,
  version: scalar,
  event_code: scalar,
  correlation_uid: scalar,
  labels: scalars,
  ...times('processed_time'),
  product: {
    ...names,
    vendor_name: scalar,
    version: scalar,
    lang: scalar,
    feature: ifAny(['name', 'uid'], { ...names, version: scalar }),
  },
};

const compliance: Used = {
  control: scalar,
  status: scalar,
  status_id: oneOf(0, 1, 2, 3, 99),
  status_code: scalar,
  status_detail: scalar,
  standards: scalars,
  requirements: scalars,
};

const activities: Readonly<Record<number, string>> = { 1: 'Create', 2: 'Update', 3: 'Close' };

const common: Readonly<Record<string, Used>> = {
  activity_id: oneOf(0, 1, 2, 3, 99),
  activity_name: captionOr99(activities, 'activity_id'),
  ...times('time', 'start_time', 'end_time'),
  severity_id: oneOf(...Object.keys(severityCaptions).map(Number)),
  severity: captionOr99(severityCaptions, 'severity_id'),
  status_id: oneOf(...Object.keys(findingStatusCaptions).map(Number)),
  status: captionOr99(findingStatusCaptions, 'status_id'),
  status_code: scalar,
  status_detail: scalar,
  message: scalar,
  comment: scalar,
  count: integer,
  confidence_score: integer,
  cloud: { provider: scalar, region: scalar, zone: scalar, project_uid: scalar, account, org: named },
  metadata,
  finding_info: findingInfo,
};

const remediation = ifAll(['desc'], { desc: scalar, references: scalars, kb_articles: scalars });

/** What is used of a finding; a class that OCSF 1.1.0 lacks becomes a Detection Finding. */
export function usedOf(finding: JsonObject): Readonly<Record<string, Used>> {
  const { class_uid: classUid, resources } = finding;
  const first: unknown = Array.isArray(resources) ? resources[0] : undefined;
  const isSingle = classUid === 2002 || classUid === 2003;
  return {
    ...common,
    ...(isSingle || classUid === 2004 ? captionsOf(classUid, finding['activity_id']) : {}),
    ...(classUid === 2003 ? { compliance } : {}),
    ...(classUid === 2002 ? {} : { remediation }),
    resources: eachOf(usedIf((found) => !isSingle || found === first, resource)),
  };
}

/** Attributes that follow from others. */
function captionsOf(classUid: number, activityId: unknown): Readonly<Record<string, Used>> {
  const caption = classByUid(classUid)?.caption ?? '';
  const activity = typeof activityId === 'number' ? activities[activityId] : undefined;
  return {
    class_uid: oneOf(classUid),
    class_name: oneOf(caption),
    category_uid: oneOf(2),
    category_name: oneOf('Findings'),
    type_uid: oneOf(classUid * 100 + Number(activityId)),
    type_name: oneOf(`${caption}: ${activity}`),
  };
}

/** A word is used where its id has no caption of its own, or where it is just that caption. */
function captionOr99(captions: Readonly<Record<number, string>>, id: string): UsedValue {
  return (value, parent) => {
    const number = parent[id];
    if (typeof value !== 'string') return false;
    const caption = typeof number === 'number' && number !== 99 ? captions[number] : undefined;
    return caption === undefined || caption === value;
  };
}
