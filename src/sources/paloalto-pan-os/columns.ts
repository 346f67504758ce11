// The columns of PAN-OS's default syslog format, by the names that its field reference gives them. Versions only add columns at
// the end, so one list per type fits all of them. `-` is reserved by the vendor.

const common = '- receive_time serial type subtype - time_generated';
const session =
  'src dst natsrc natdst rule srcuser dstuser app vsys from to inbound_if outbound_if logset - sessionid repeatcnt sport dport natsport natdport flags proto action';
const groups = 'dg_hier_level_1 dg_hier_level_2 dg_hier_level_3 dg_hier_level_4 vsys_name device_name';
const sourceDevice = 'src_category src_profile src_model src_vendor src_osfamily src_osversion src_host src_mac';
const targetDevice = 'dst_category dst_profile dst_model dst_vendor dst_osfamily dst_osversion dst_host dst_mac';
const application =
  'subcategory_of_app category_of_app technology_of_app risk_of_app characteristic_of_app container_of_app tunneled_app is_saas_of_app sanctioned_state_of_app';

const columnsOfType: Readonly<Record<string, string>> = {
  TRAFFIC: `${session} bytes bytes_sent bytes_received packets start elapsed category - seqno actionflags srcloc dstloc - pkts_sent pkts_received session_end_reason ${groups} action_source src_uuid dst_uuid imsi imei parent_session_id parent_start_time tunnel assoc_id chunks chunks_sent chunks_received rule_uuid http2_connection link_change_count policy_id link_switches sdwan_cluster sdwan_device_type sdwan_cluster_type sdwan_site dynusergroup_name xff_ip ${sourceDevice} ${targetDevice} container_id pod_namespace pod_name src_edl dst_edl hostid serialnumber src_dag dst_dag session_owner high_res_timestamp nssai_sst nssai_sd ${application} offloaded flow_type cluster_name`,
  THREAT: `${session} misc threatid category severity direction seqno actionflags srcloc dstloc - contenttype pcap_id filedigest cloud url_idx user_agent filetype xff referer sender subject recipient reportid ${groups} - src_uuid dst_uuid http_method imsi imei parent_session_id parent_start_time tunnel thr_category contentver - assoc_id ppid http_headers url_category_list rule_uuid http2_connection dynusergroup_name xff_ip ${sourceDevice} ${targetDevice} container_id pod_namespace pod_name src_edl dst_edl hostid serialnumber domain_edl src_dag dst_dag partial_hash high_res_timestamp reason justification nssai_sst ${application} cloud_reportid cluster_name flow_type`,
  SYSTEM: `vsys eventid object - - module severity opaque seqno actionflags ${groups} - - high_res_timestamp`,
  CONFIG: `host vsys cmd admin client result path seqno actionflags ${groups} dg_id comment - high_res_timestamp before_change_detail after_change_detail`,
  'CONFIG with details': `host vsys cmd admin client result path before_change_detail after_change_detail seqno actionflags ${groups} dg_id comment - high_res_timestamp`,
  AUTHENTICATION: `vsys ip user normalize_user object authpolicy repeatcnt authid vendor logset serverprofile desc clienttype event factorno seqno actionflags ${groups} vsys_id authproto rule_uuid high_res_timestamp ${sourceDevice} region - user_agent sessionid cluster_name`,
  USERID: `vsys ip user datasourcename eventid repeatcnt timeout beginport endport datasource datasourcetype seqno actionflags ${groups} vsys_id factortype factorcompletiontime factorno ugflags userbysource tag_name high_res_timestamp origindatasource - cluster_name`,
  GLOBALPROTECT: `vsys eventid stage auth_method tunnel_type srcuser srcregion machinename public_ip public_ipv6 private_ip private_ipv6 hostid serialnumber client_ver client_os client_os_ver repeatcnt reason error opaque status location login_duration connect_method error_code portal seqno actionflags high_res_timestamp selection_type response_time priority attempted_gateways gateway ${groups} vsys_id cluster_name`,
  HIPMATCH: `srcuser vsys machinename os src matchname repeatcnt matchtype - - seqno actionflags ${groups} vsys_id srcipv6 hostid serialnumber mac high_res_timestamp cluster_name`,
  DECRYPTION: `${session} tunnel - - src_uuid dst_uuid rule_uuid hs_stage_c2f hs_stage_f2s tls_version tls_keyxchg tls_enc tls_auth policy_name ec_curve err_index root_status chain_status proxy_type cert_serial fingerprint notbefore notafter cert_ver cert_size cn_len issuer_len rootcn_len sni_len cert_flags cn issuer_cn root_cn sni error container_id pod_namespace pod_name src_edl dst_edl src_dag dst_dag high_res_timestamp ${sourceDevice} ${targetDevice} seqno actionflags ${groups} vsys_id ${application} cluster_name`,
  CORRELATION: `src srcuser vsys category severity ${groups} vsys_id objectname object_id evidence`,
  IPTAG: `vsys ip tag_name eventid repeatcnt timeout datasourcename datasource_type datasource_subtype seqno actionflags ${groups} vsys_id high_res_timestamp cluster_name`,
  START: `${session} severity seqno actionflags srcloc dstloc ${groups}`,
  END: `${session} severity seqno actionflags srcloc dstloc ${groups}`,
};

const lists: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(columnsOfType).map(([type, columns]) => [type, `${common} ${columns}`.split(' ')]),
);
const commonList = common.split(' ');
const otherTypes = [
  'GTP',
  'SCTP',
  'AUDIT',
  'HIP-MATCH',
  'IP-TAG',
  'SDWAN',
  'ALARM',
  'EXTPCAP',
  'WILDFIRE',
  'DATA',
  'URL',
];

/** Names that a record's fourth value may be. */
export const logTypes: readonly string[] = [
  ...Object.keys(columnsOfType).filter((type) => !type.includes(' ')),
  ...otherTypes,
];

/** The names of a record's columns, as far as they are known. */
export function columnsOf(values: readonly string[]): readonly string[] {
  const type = (values[3] ?? '').replaceAll('-', '');
  // Custom formats have the two details of a change before the sequence number, the default format has them last or not at all.
  const hasDetails = type === 'CONFIG' && !isFlags(values[15]) && isFlags(values[17]);
  return lists.get(hasDetails ? 'CONFIG with details' : type) ?? commonList;
}

function isFlags(value: string | undefined): boolean {
  return /^0x[0-9a-f]{1,16}$/i.test(value ?? '');
}
