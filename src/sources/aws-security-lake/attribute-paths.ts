/** Attributes as objects name them, below the path in front; the column of `raw` has underscores instead of dots. */
const attributes: Readonly<Record<string, string>> = {
  '': `time time_dt start_time start_time_dt end_time end_time_dt class_uid class_name category_uid category_name
    activity_id activity_name type_uid type_name severity_id severity status_id status status_code status_detail message
    count action_id action disposition_id disposition observables is_mfa mfa http_status answers rcode rcode_id
    resources resource vulnerabilities evidences comment confidence confidence_id confidence_score state_id state`,
  metadata: `uid version profiles event_code log_name log_level log_provider log_version original_time correlation_uid
    labels processed_time processed_time_dt product.name product.uid product.vendor_name product.version
    product.feature.name product.feature.uid product.feature.version`,
  cloud: 'provider region zone account.uid account.name account.type account_uid org.uid org.name',
  api: `operation version service.name service.uid service.version group.name group.uid request.uid request.data
    request.containers response.code response.error response.error_message response.message response.data response.containers`,
  actor: `user.name user.uid user.uuid user.uid_alt user.type user.type_id user.domain user.email_addr user.credential_uid
    user.account.uid user.account_uid user.groups session.uid session.uid_alt session.issuer session.credential_uid
    session.created_time session.created_time_dt session.is_mfa session.mfa invoked_by idp.name idp.uid`,
  user: 'name uid uuid uid_alt type type_id domain email_addr credential_uid account.uid account_uid',
  src_endpoint: `ip port hostname name domain uid svc_name instance_uid interface_uid interface_name subnet_uid vpc_uid zone
    mac location.country location.city location.region intermediate_ips`,
  dst_endpoint: `ip port hostname name domain uid svc_name instance_uid interface_uid interface_name subnet_uid vpc_uid zone
    mac location.country location.city location.region intermediate_ips`,
  service: 'name uid version',
  connection_info: `uid protocol_name protocol_num protocol_ver protocol_ver_id direction direction_id boundary boundary_id
    tcp_flags`,
  traffic: 'bytes bytes_in bytes_out packets packets_in packets_out',
  query: 'hostname type class',
  http_request: `uid http_method version user_agent referrer args length url.url_string url.hostname url.path
    url.query_string url.scheme url.port http_headers x_forwarded_for`,
  http_response: 'code status message',
  firewall_rule: 'name uid category desc type version condition sensitivity match_location match_details',
  finding: `uid title desc src_url types product_uid created_time created_time_dt modified_time modified_time_dt
    first_seen_time first_seen_time_dt last_seen_time last_seen_time_dt remediation.desc remediation.kb_articles`,
  finding_info: `uid title desc src_url types data_sources product_uid created_time created_time_dt modified_time
    modified_time_dt first_seen_time first_seen_time_dt last_seen_time last_seen_time_dt`,
  compliance: 'control status status_id status_code status_detail standards requirements',
  remediation: 'desc references kb_articles',
};

/** The attributes that map.sql reads, by the name of their column; everything else stays in `unmapped` by itself. */
export const awsColumns: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(attributes).flatMap(([parent, names]) =>
      names.split(/\s+/).map((name) => {
        const path = parent === '' ? name : `${parent}.${name}`;
        // rc.2's account_uid would share the column of 1.1.0's account.uid.
        return [path.endsWith('account_uid') ? `${path.replaceAll('.', '_')}_flat` : path.replaceAll('.', '_'), path];
      }),
    ),
  ),
  // A map whose keys differ from record to record: opened in SQL, so that it makes no shapes of its own.
  given_unmapped: 'unmapped',
};
