-- One finding -> Vulnerability (2002), Compliance (2003) or Detection Finding (2004). A record is ASFF or OCSF (Security Hub V2),
-- never both, so COALESCE takes the value of whichever it is.
WITH parsed AS (
  SELECT *,
    lower(regexp_extract(COALESCE(productArn, json_text(ocsfMetadata, '$.product.uid')), ':product(?:v2)?/(.+)$', 1)) AS product,
    TRY(from_json(productFields, '"MAP(VARCHAR, VARCHAR)"')) AS pf,
    TRY(from_json(resources, '[{"Type": "VARCHAR", "Id": "VARCHAR", "Partition": "VARCHAR", "Region": "VARCHAR", "Tags": "MAP(VARCHAR, VARCHAR)", "Details": "VARCHAR"}]')) AS asff_resources,
    TRY(from_json(vulnerabilities, '[{"Id": "VARCHAR", "Cvss": [{"BaseScore": "DOUBLE", "BaseVector": "VARCHAR", "Version": "VARCHAR"}], "EpssScore": "VARCHAR",
      "ExploitAvailable": "VARCHAR", "FixAvailable": "VARCHAR", "ReferenceUrls": ["VARCHAR"], "RelatedVulnerabilities": ["VARCHAR"],
      "Vendor": {"Name": "VARCHAR", "Url": "VARCHAR", "VendorCreatedAt": "VARCHAR", "VendorUpdatedAt": "VARCHAR", "VendorSeverity": "VARCHAR"},
      "VulnerablePackages": [{"Name": "VARCHAR", "Version": "VARCHAR", "FixedInVersion": "VARCHAR", "Release": "VARCHAR", "Architecture": "VARCHAR",
        "PackageManager": "VARCHAR", "FilePath": "VARCHAR", "Epoch": "INTEGER", "Remediation": "VARCHAR"}],
      "CodeVulnerabilities": [{"Cwes": ["VARCHAR"]}]}]')) AS asff_vulnerabilities,
    TRY(from_json(relatedFindings, '[{"ProductArn": "VARCHAR", "Id": "VARCHAR"}]')) AS related,
    TRY(from_json(statusReasons, '[{"ReasonCode": "VARCHAR", "Description": "VARCHAR"}]')) AS reasons,
    TRY(from_json(ocsfMetadata, '{"uid": "VARCHAR", "version": "VARCHAR", "event_code": "VARCHAR", "correlation_uid": "VARCHAR", "labels": ["VARCHAR"],
      "processed_time": "BIGINT", "processed_time_dt": "VARCHAR", "product": {"name": "VARCHAR", "uid": "VARCHAR", "vendor_name": "VARCHAR",
      "version": "VARCHAR", "lang": "VARCHAR", "feature": {"name": "VARCHAR", "uid": "VARCHAR", "version": "VARCHAR"}}}')) AS v2_metadata,
    TRY(from_json(ocsfCloud, '{"provider": "VARCHAR", "region": "VARCHAR", "zone": "VARCHAR", "project_uid": "VARCHAR",
      "account": {"uid": "VARCHAR", "name": "VARCHAR", "type": "VARCHAR"}, "org": {"uid": "VARCHAR", "name": "VARCHAR"}}')) AS v2_cloud,
    TRY(from_json(ocsfFindingInfo, '{"uid": "VARCHAR", "title": "VARCHAR", "desc": "VARCHAR", "src_url": "VARCHAR", "types": ["VARCHAR"], "data_sources": ["VARCHAR"],
      "created_time": "BIGINT", "created_time_dt": "VARCHAR", "modified_time": "BIGINT", "modified_time_dt": "VARCHAR",
      "first_seen_time": "BIGINT", "first_seen_time_dt": "VARCHAR", "last_seen_time": "BIGINT", "last_seen_time_dt": "VARCHAR",
      "analytic": {"name": "VARCHAR", "uid": "VARCHAR", "type": "VARCHAR", "type_id": "INTEGER", "category": "VARCHAR", "desc": "VARCHAR", "version": "VARCHAR"},
      "attacks": [{"tactic": {"name": "VARCHAR", "uid": "VARCHAR"}, "technique": {"name": "VARCHAR", "uid": "VARCHAR"},
        "sub_technique": {"name": "VARCHAR", "uid": "VARCHAR"}, "version": "VARCHAR"}],
      "related_events": [{"uid": "VARCHAR", "type": "VARCHAR", "product": {"uid": "VARCHAR"}}]}')) AS v2_info,
    TRY(from_json(ocsfCompliance, '{"control": "VARCHAR", "status": "VARCHAR", "status_id": "INTEGER", "status_code": "VARCHAR", "status_detail": "VARCHAR",
      "standards": ["VARCHAR"], "requirements": ["VARCHAR"]}')) AS v2_compliance,
    TRY(from_json(ocsfRemediation, '{"desc": "VARCHAR", "references": ["VARCHAR"], "kb_articles": ["VARCHAR"]}')) AS v2_remediation,
    TRY(from_json(ocsfResources, '[{"uid": "VARCHAR", "name": "VARCHAR", "type": "VARCHAR", "region": "VARCHAR", "cloud_partition": "VARCHAR",
      "namespace": "VARCHAR", "version": "VARCHAR", "criticality": "VARCHAR", "data": "VARCHAR", "labels": ["VARCHAR"],
      "tags": [{"name": "VARCHAR", "value": "VARCHAR"}], "group": {"name": "VARCHAR", "uid": "VARCHAR"}, "uid_alt": "VARCHAR",
      "owner": {"name": "VARCHAR", "uid": "VARCHAR", "type": "VARCHAR", "domain": "VARCHAR", "account": {"uid": "VARCHAR", "name": "VARCHAR", "type": "VARCHAR"}}}]')) AS v2_resources,
    TRY(from_json(ocsfVulnerabilities, '[{"title": "VARCHAR", "desc": "VARCHAR", "severity": "VARCHAR", "vendor_name": "VARCHAR", "is_fix_available": "BOOLEAN", "is_exploit_available": "BOOLEAN",
      "first_seen_time": "BIGINT", "first_seen_time_dt": "VARCHAR", "last_seen_time": "BIGINT", "last_seen_time_dt": "VARCHAR",
      "references": ["VARCHAR"], "related_vulnerabilities": ["VARCHAR"], "remediation": {"desc": "VARCHAR", "references": ["VARCHAR"]},
      "cve": {"uid": "VARCHAR", "title": "VARCHAR", "desc": "VARCHAR", "type": "VARCHAR", "created_time": "BIGINT", "created_time_dt": "VARCHAR",
        "modified_time": "BIGINT", "modified_time_dt": "VARCHAR", "references": ["VARCHAR"], "epss": {"score": "VARCHAR", "version": "VARCHAR", "percentile": "DOUBLE"},
        "cvss": [{"base_score": "DOUBLE", "overall_score": "DOUBLE", "version": "VARCHAR", "vector_string": "VARCHAR", "severity": "VARCHAR", "depth": "VARCHAR"}]},
      "cwe": {"uid": "VARCHAR", "caption": "VARCHAR", "src_url": "VARCHAR"},
      "affected_packages": [{"name": "VARCHAR", "version": "VARCHAR", "fixed_in_version": "VARCHAR", "release": "VARCHAR", "architecture": "VARCHAR",
        "package_manager": "VARCHAR", "path": "VARCHAR", "purl": "VARCHAR", "epoch": "INTEGER", "remediation": {"desc": "VARCHAR", "references": ["VARCHAR"]}}]}]')) AS v2_vulnerabilities,
    TRY(from_json(standards, '[{"StandardsId": "VARCHAR"}]')) AS asff_standards,
    COALESCE(utc_time(updatedAt), utc_time(ocsfTimeDt), TRY(make_timestamp_ms(try_cast(ocsfTime AS BIGINT)))) AS updated
  FROM raw
),
prepared AS (
  SELECT *,
    CASE WHEN ocsfClass IS NOT NULL THEN
      list_transform(v2_vulnerabilities, lambda v: {
        title: v.title, "desc": v."desc", severity: v.severity, vendor_name: v.vendor_name,
        is_fix_available: v.is_fix_available, is_exploit_available: v.is_exploit_available,
        first_seen_time_dt: COALESCE(utc_time(v.first_seen_time_dt), TRY(make_timestamp_ms(v.first_seen_time))),
        last_seen_time_dt: COALESCE(utc_time(v.last_seen_time_dt), TRY(make_timestamp_ms(v.last_seen_time))),
        "references": v."references", related_vulnerabilities: v.related_vulnerabilities,
        remediation: CASE WHEN v.remediation."desc" IS NOT NULL THEN {"desc": v.remediation."desc", "references": v.remediation."references"} END,
        cve: CASE WHEN v.cve.uid IS NOT NULL THEN {
          uid: v.cve.uid, title: v.cve.title, "desc": v.cve."desc", type: v.cve.type,
          created_time_dt: COALESCE(utc_time(v.cve.created_time_dt), TRY(make_timestamp_ms(v.cve.created_time))),
          modified_time_dt: COALESCE(utc_time(v.cve.modified_time_dt), TRY(make_timestamp_ms(v.cve.modified_time))),
          cvss: list_transform(list_filter(v.cve.cvss, lambda c: c.base_score IS NOT NULL AND c.version IS NOT NULL), lambda c: {version: c.version, vector_string: c.vector_string,
            severity: c.severity, depth: CASE WHEN c.depth IN ('Base', 'Environmental', 'Temporal') THEN c.depth END, base_score: c.base_score, overall_score: c.overall_score}),
          epss: CASE WHEN v.cve.epss.score IS NOT NULL THEN v.cve.epss END,
          "references": v.cve."references"
        } END,
        cwe: CASE WHEN v.cwe.uid IS NOT NULL THEN v.cwe END,
        affected_packages: list_transform(list_filter(v.affected_packages, lambda p: p.name IS NOT NULL AND p.version IS NOT NULL), lambda p: {name: p.name, version: p.version,
          fixed_in_version: p.fixed_in_version, release: p.release, architecture: p.architecture, package_manager: p.package_manager, path: p.path, purl: p.purl, epoch: p.epoch,
          remediation: CASE WHEN p.remediation."desc" IS NOT NULL THEN p.remediation END})
      })
    ELSE
      list_transform(asff_vulnerabilities, lambda v: {
        title: NULL, "desc": NULL, severity: v.Vendor.VendorSeverity, vendor_name: v.Vendor.Name,
        is_fix_available: CASE v.FixAvailable WHEN 'YES' THEN true WHEN 'PARTIAL' THEN true WHEN 'NO' THEN false END,
        is_exploit_available: CASE v.ExploitAvailable WHEN 'YES' THEN true WHEN 'NO' THEN false END,
        first_seen_time_dt: NULL, last_seen_time_dt: NULL,
        "references": v.ReferenceUrls, related_vulnerabilities: v.RelatedVulnerabilities,
        remediation: CASE WHEN COALESCE(remediationText, remediationUrl) IS NOT NULL
          THEN {"desc": COALESCE(remediationText, remediationUrl), "references": CASE WHEN remediationUrl IS NOT NULL THEN [remediationUrl] END} END,
        cve: CASE WHEN v.Id IS NOT NULL THEN {
          uid: v.Id, title: NULL, "desc": NULL, type: NULL,
          created_time_dt: utc_time(v.Vendor.VendorCreatedAt), modified_time_dt: utc_time(v.Vendor.VendorUpdatedAt),
          cvss: list_transform(list_filter(v.Cvss, lambda c: c.BaseScore IS NOT NULL AND c.Version IS NOT NULL), lambda c: {version: c.Version, vector_string: c.BaseVector,
            severity: NULL, depth: NULL, base_score: c.BaseScore, overall_score: NULL}),
          epss: CASE WHEN v.EpssScore IS NOT NULL THEN {score: v.EpssScore, version: NULL, percentile: NULL} END,
          "references": CASE WHEN v.Vendor.Url IS NOT NULL THEN [v.Vendor.Url] END
        } END,
        cwe: CASE WHEN v.CodeVulnerabilities[1].Cwes[1] IS NOT NULL THEN {uid: v.CodeVulnerabilities[1].Cwes[1], caption: NULL, src_url: NULL} END,
        affected_packages: list_transform(list_filter(v.VulnerablePackages, lambda p: p.Name IS NOT NULL AND p.Version IS NOT NULL), lambda p: {name: p.Name, version: p.Version,
          fixed_in_version: p.FixedInVersion, release: p.Release, architecture: p.Architecture, package_manager: p.PackageManager, path: p.FilePath, purl: NULL, epoch: p.Epoch,
          remediation: CASE WHEN p.Remediation IS NOT NULL THEN {"desc": p.Remediation, "references": NULL} END})
      })
    END AS all_vulnerabilities,
    CASE WHEN ocsfClass IS NOT NULL THEN
      list_transform(list_filter(v2_resources, lambda r: COALESCE(r.uid, r.name) IS NOT NULL), lambda r: {
        uid: r.uid, name: r.name, type: r.type, region: r.region, cloud_partition: r.cloud_partition, namespace: r.namespace, version: r.version,
        criticality: r.criticality, data: r.data,
        labels: NULLIF(list_concat(COALESCE(r.labels, []), COALESCE(list_transform(list_filter(r.tags, lambda t: t.name IS NOT NULL AND t.value IS NOT NULL), lambda t: t.name || '=' || t.value), [])), []),
        "group": CASE WHEN COALESCE(r."group".name, r."group".uid) IS NOT NULL THEN r."group" END,
        owner: CASE WHEN COALESCE(r.owner.name, r.owner.uid, r.owner.account.uid, r.owner.account.name) IS NOT NULL THEN r.owner END
      })
    ELSE
      list_transform(list_filter(asff_resources, lambda r: r.Id IS NOT NULL), lambda r: {
        uid: r.Id, name: NULL, type: r.Type, region: r.Region, cloud_partition: r.Partition, namespace: NULL, version: NULL,
        criticality: criticality, data: r.Details,
        labels: list_transform(map_entries(r.Tags), lambda t: t.key || '=' || t.value),
        "group": NULL,
        owner: CASE WHEN pf['ResourceOwnerAccount'] IS NOT NULL
          THEN {name: NULL, uid: NULL, type: NULL, domain: NULL, account: {uid: pf['ResourceOwnerAccount'], name: NULL, type: NULL}} END
      })
    END AS all_resources,
    CASE WHEN ocsfClass IS NOT NULL THEN list_concat(list_transform(v2_resources, lambda r: r.uid), list_transform(v2_resources, lambda r: r.uid_alt))
      ELSE list_transform(asff_resources, lambda r: r.Id) END AS resource_ids
  FROM parsed
),
classified AS (
  SELECT *,
    list_filter(all_vulnerabilities, lambda v: COALESCE(v.cve.uid, v.cwe.uid) IS NOT NULL) AS found_vulnerabilities,
    -- Without a CVE or CWE there is no Vulnerability Finding. What later versions have beside these three, as Data Security Finding, is a detection.
    CASE
      WHEN COALESCE(ocsfClass, '2002') = '2002' AND len(found_vulnerabilities) > 0 THEN 2002
      WHEN ocsfClass = '2003' OR (ocsfClass IS NULL AND (starts_with(product, 'aws/securityhub') OR complianceStatus IS NOT NULL)) THEN 2003
      ELSE 2004
    END AS class_uid
  FROM prepared
)
SELECT
  _raw,
  class_uid,
  CASE
    WHEN ocsfClass IS NULL THEN CASE WHEN utc_time(createdAt) = updated THEN 1 ELSE 2 END
    WHEN ocsfActivity IN ('1', '2', '3') THEN CAST(ocsfActivity AS INTEGER)
    WHEN ocsfActivity IS NULL OR ocsfActivity = '0' THEN 0
    ELSE 99
  END AS activity_id,
  CASE WHEN ocsfActivity NOT IN ('1', '2', '3') THEN ocsfActivityName END AS activity_name,
  updated AS time_dt,
  COALESCE(utc_time(ocsfStartDt), TRY(make_timestamp_ms(try_cast(ocsfStart AS BIGINT)))) AS start_time_dt,
  COALESCE(utc_time(ocsfEndDt), TRY(make_timestamp_ms(try_cast(ocsfEnd AS BIGINT)))) AS end_time_dt,
  CASE
    WHEN ocsfSeverity IN ('0', '1', '2', '3', '4', '5', '6', '99') THEN CAST(ocsfSeverity AS INTEGER)
    WHEN ocsfClass IS NOT NULL THEN CASE WHEN ocsfSeverity IS NULL THEN 0 ELSE 99 END
    WHEN severityLabel IS NOT NULL THEN
      CASE severityLabel WHEN 'INFORMATIONAL' THEN 1 WHEN 'LOW' THEN 2 WHEN 'MEDIUM' THEN 3 WHEN 'HIGH' THEN 4 WHEN 'CRITICAL' THEN 5 ELSE 99 END
    ELSE CASE
      WHEN try_cast(severityNormalized AS DOUBLE) < 1 THEN 1
      WHEN try_cast(severityNormalized AS DOUBLE) < 40 THEN 2
      WHEN try_cast(severityNormalized AS DOUBLE) < 70 THEN 3
      WHEN try_cast(severityNormalized AS DOUBLE) < 90 THEN 4
      WHEN try_cast(severityNormalized AS DOUBLE) <= 100 THEN 5
      ELSE 0 END
  END AS severity_id,
  COALESCE(severityLabel, ocsfSeverityName) AS severity,
  -- 5 Archived and 6 Deleted came after 1.1.0.
  CASE
    WHEN ocsfStatus IN ('0', '1', '2', '3', '4') THEN CAST(ocsfStatus AS INTEGER)
    WHEN ocsfStatus IS NOT NULL THEN 99
    ELSE CASE upper(replace(COALESCE(workflowStatus, ocsfStatusName), ' ', '_')) WHEN 'NEW' THEN 1 WHEN 'NOTIFIED' THEN 2 WHEN 'IN_PROGRESS' THEN 2
      WHEN 'SUPPRESSED' THEN 3 WHEN 'RESOLVED' THEN 4 ELSE CASE WHEN COALESCE(workflowStatus, ocsfStatusName) IS NOT NULL THEN 99 END END
  END AS status_id,
  COALESCE(workflowStatus, ocsfStatusName) AS status,
  ocsfStatusCode AS status_code,
  ocsfStatusDetail AS status_detail,
  COALESCE(noteText, ocsfMessage) AS message,
  ocsfComment AS comment,
  try_cast(ocsfCount AS INTEGER) AS count,
  try_cast(COALESCE(confidence, ocsfConfidence) AS INTEGER) AS confidence_score,
  {
    uid: COALESCE(v2_metadata.uid, id),
    event_code: v2_metadata.event_code,
    correlation_uid: v2_metadata.correlation_uid,
    log_version: COALESCE(schemaVersion, v2_metadata.version),
    labels: v2_metadata.labels,
    processed_time_dt: COALESCE(utc_time(processedAt), utc_time(v2_metadata.processed_time_dt), TRY(make_timestamp_ms(v2_metadata.processed_time))),
    product: {
      name: COALESCE(productName, pf['aws/securityhub/ProductName'], v2_metadata.product.name, NULLIF(split_part(product, '/', 2), ''), 'Unknown'),
      uid: COALESCE(productArn, v2_metadata.product.uid),
      vendor_name: COALESCE(companyName, pf['aws/securityhub/CompanyName'], v2_metadata.product.vendor_name, CASE WHEN starts_with(product, 'aws/') THEN 'AWS' END,
        NULLIF(regexp_extract(product, '^([^/]*[^/0-9][^/]*)/', 1), ''), 'Unknown'),
      version: COALESCE(v2_metadata.product.version, pf['aws/inspector/ProductVersion']),
      lang: v2_metadata.product.lang,
      feature: {
        uid: COALESCE(generatorId, v2_metadata.product.feature.uid),
        name: COALESCE(v2_metadata.product.feature.name, pf['aws/guardduty/service/featureName']),
        version: CASE WHEN COALESCE(v2_metadata.product.feature.uid, v2_metadata.product.feature.name) IS NOT NULL THEN v2_metadata.product.feature.version END
      }
    }
  } AS metadata,
  {
    provider: COALESCE(v2_cloud.provider, 'AWS'),
    region: COALESCE(awsRegion, v2_cloud.region, NULLIF(split_part(productArn, ':', 4), ''), all_resources[1].region, eventRegion),
    zone: v2_cloud.zone,
    project_uid: v2_cloud.project_uid,
    account: {uid: COALESCE(accountId, v2_cloud.account.uid, all_resources[1].owner.account.uid, eventAccount), name: COALESCE(accountName, v2_cloud.account.name), type: v2_cloud.account.type},
    org: CASE WHEN COALESCE(v2_cloud.org.uid, v2_cloud.org.name) IS NOT NULL THEN v2_cloud.org END
  } AS cloud,
  {
    uid: COALESCE(id, v2_info.uid),
    title: COALESCE(title, v2_info.title, id, v2_info.uid),
    "desc": COALESCE(description, v2_info."desc"),
    src_url: COALESCE(sourceUrl, v2_info.src_url),
    types: COALESCE(TRY(from_json(types, '["VARCHAR"]')), v2_info.types),
    data_sources: v2_info.data_sources,
    created_time_dt: COALESCE(utc_time(createdAt), utc_time(v2_info.created_time_dt), TRY(make_timestamp_ms(v2_info.created_time))),
    modified_time_dt: COALESCE(utc_time(updatedAt), utc_time(v2_info.modified_time_dt), TRY(make_timestamp_ms(v2_info.modified_time))),
    first_seen_time_dt: COALESCE(utc_time(firstObservedAt), utc_time(v2_info.first_seen_time_dt), TRY(make_timestamp_ms(v2_info.first_seen_time))),
    last_seen_time_dt: COALESCE(utc_time(lastObservedAt), utc_time(v2_info.last_seen_time_dt), TRY(make_timestamp_ms(v2_info.last_seen_time))),
    analytic: CASE WHEN COALESCE(v2_info.analytic.name, v2_info.analytic.uid) IS NOT NULL THEN {name: v2_info.analytic.name, uid: v2_info.analytic.uid, type: v2_info.analytic.type,
      category: v2_info.analytic.category, "desc": v2_info.analytic."desc", version: v2_info.analytic.version,
      type_id: CASE WHEN v2_info.analytic.type_id IN (0, 1, 2, 3, 4, 99) THEN v2_info.analytic.type_id WHEN v2_info.analytic.type_id IS NULL THEN 0 ELSE 99 END} END,
    attacks: list_filter(list_transform(v2_info.attacks, lambda a: {
        tactic: CASE WHEN COALESCE(a.tactic.name, a.tactic.uid) IS NOT NULL THEN a.tactic END,
        technique: CASE WHEN COALESCE(a.technique.name, a.technique.uid) IS NOT NULL THEN a.technique END,
        sub_technique: CASE WHEN COALESCE(a.sub_technique.name, a.sub_technique.uid) IS NOT NULL THEN a.sub_technique END,
        version: a.version}),
      lambda a: a.tactic IS NOT NULL OR a.technique IS NOT NULL OR a.sub_technique IS NOT NULL),
    related_events: COALESCE(
      list_transform(list_filter(related, lambda r: r.Id IS NOT NULL), lambda r: {uid: r.Id, product_uid: r.ProductArn, type: NULL}),
      list_transform(list_filter(v2_info.related_events, lambda r: r.uid IS NOT NULL), lambda r: {uid: r.uid, product_uid: r.product.uid, type: r.type}))
  } AS finding_info,
  CASE WHEN class_uid = 2003 THEN {
    control: COALESCE(controlId, pf['ControlId'], pf['RuleId'], v2_compliance.control),
    status: COALESCE(complianceStatus, v2_compliance.status),
    status_id: CASE
      WHEN v2_compliance.status_id IN (0, 1, 2, 3, 99) THEN v2_compliance.status_id
      ELSE CASE upper(COALESCE(complianceStatus, v2_compliance.status)) WHEN 'PASSED' THEN 1 WHEN 'PASS' THEN 1 WHEN 'WARNING' THEN 2 WHEN 'FAILED' THEN 3 WHEN 'FAIL' THEN 3
        WHEN 'NOT_AVAILABLE' THEN 99 ELSE 0 END END,
    status_code: COALESCE(NULLIF(array_to_string(list_transform(reasons, lambda r: r.ReasonCode), ','), ''), v2_compliance.status_code),
    status_detail: COALESCE(NULLIF(array_to_string(list_transform(reasons, lambda r: r.Description), '; '), ''), v2_compliance.status_detail),
    requirements: COALESCE(TRY(from_json(requirements, '["VARCHAR"]')), v2_compliance.requirements),
    -- OCSF asks for a standard; findings of other products and of coverage checks name none.
    standards: COALESCE(
      NULLIF(list_filter(list_transform(asff_standards, lambda s: s.StandardsId), lambda s: s IS NOT NULL), []),
      NULLIF(list_filter(v2_compliance.standards, lambda s: s IS NOT NULL), []),
      CASE WHEN COALESCE(pf['StandardsArn'], pf['StandardsGuideArn']) IS NOT NULL THEN [COALESCE(pf['StandardsArn'], pf['StandardsGuideArn'])] END,
      [COALESCE(generatorId, v2_metadata.product.feature.uid, v2_metadata.product.name, product)])
  } END AS compliance,
  CASE
    WHEN class_uid = 2002 THEN NULL
    WHEN COALESCE(remediationText, remediationUrl, v2_remediation."desc") IS NOT NULL THEN {
      "desc": COALESCE(remediationText, remediationUrl, v2_remediation."desc"),
      "references": COALESCE(CASE WHEN remediationUrl IS NOT NULL THEN [remediationUrl] END, v2_remediation."references"),
      kb_articles: v2_remediation.kb_articles}
  END AS remediation,
  CASE WHEN class_uid <> 2004 THEN all_resources[1] END AS resource,
  CASE WHEN class_uid = 2004 THEN all_resources END AS resources,
  CASE WHEN class_uid <> 2003 THEN found_vulnerabilities END AS vulnerabilities,
  CASE WHEN class_uid = 2004 THEN TRY(from_json(evidences, '[{
    "src_endpoint": {"ip": "VARCHAR", "port": "INTEGER", "name": "VARCHAR", "uid": "VARCHAR", "domain": "VARCHAR", "svc_name": "VARCHAR", "instance_uid": "VARCHAR", "interface_uid": "VARCHAR",
      "location": {"city": "VARCHAR", "country": "VARCHAR", "coordinates": ["DOUBLE"]}},
    "dst_endpoint": {"ip": "VARCHAR", "port": "INTEGER", "name": "VARCHAR", "uid": "VARCHAR", "domain": "VARCHAR", "svc_name": "VARCHAR", "instance_uid": "VARCHAR", "interface_uid": "VARCHAR",
      "location": {"city": "VARCHAR", "country": "VARCHAR", "coordinates": ["DOUBLE"]}},
    "connection_info": {"protocol_name": "VARCHAR", "direction_id": "INTEGER"}, "query": {"hostname": "VARCHAR", "type": "VARCHAR"},
    "api": {"operation": "VARCHAR", "service": {"name": "VARCHAR"}, "response": {"error": "VARCHAR"}},
    "actor": {"user": {"name": "VARCHAR", "uid": "VARCHAR", "type": "VARCHAR", "account": {"uid": "VARCHAR"}}},
    "process": {"name": "VARCHAR", "uid": "VARCHAR", "pid": "INTEGER", "cmd_line": "VARCHAR", "file": {"name": "VARCHAR", "path": "VARCHAR", "type_id": "INTEGER"}}, "data": "VARCHAR"}]')) END AS evidences,
  -- OCSF 1.1.0 has one resource in two of the classes, and no second id of a resource: all ids can be found here.
  list_transform(list_sort(list_distinct(resource_ids)),
    lambda u: {name: CASE WHEN class_uid = 2004 THEN 'resources[].uid' ELSE 'resource.uid' END, type: 'Resource UID', type_id: 10, value: u}) AS observables,
  map_from_entries(list_concat(
    COALESCE(list_transform(map_entries(pf), lambda e: {k: 'ProductFields.' || e.key, v: e.value}), []),
    CASE WHEN pf IS NULL AND productFields IS NOT NULL THEN [{k: 'ProductFields', v: productFields}] ELSE [] END,
    CASE WHEN ocsfClass <> CAST(class_uid AS VARCHAR) THEN [{k: 'ocsf.class_uid', v: ocsfClass}] ELSE [] END
  )) AS unmapped,
  'SH_FINDINGS' AS _native,
  CASE
    WHEN COALESCE(id, v2_info.uid) IS NULL THEN 'security-hub.not-a-finding: neither an ASFF finding with an Id nor an OCSF finding with finding_info.uid'
    WHEN updatedAt IS NOT NULL AND utc_time(updatedAt) IS NULL THEN 'time.invalid: UpdatedAt is no time: ' || updatedAt
    WHEN createdAt IS NOT NULL AND utc_time(createdAt) IS NULL THEN 'time.invalid: CreatedAt is no time: ' || createdAt
    WHEN firstObservedAt IS NOT NULL AND utc_time(firstObservedAt) IS NULL THEN 'time.invalid: FirstObservedAt is no time: ' || firstObservedAt
    WHEN lastObservedAt IS NOT NULL AND utc_time(lastObservedAt) IS NULL THEN 'time.invalid: LastObservedAt is no time: ' || lastObservedAt
    WHEN processedAt IS NOT NULL AND utc_time(processedAt) IS NULL THEN 'time.invalid: ProcessedAt is no time: ' || processedAt
  END AS _error
FROM classified
