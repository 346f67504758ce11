-- One flow record of a VPC or of a transit gateway -> Network Activity (4001). Times are seconds; pkt-* addresses are those of the packet,
-- the others of the interface.
WITH f AS (
  SELECT *,
    try_cast(startTime AS BIGINT) AS started,
    CASE flowDirection WHEN 'ingress' THEN 1 WHEN 'egress' THEN 2 ELSE 0 END AS direction
  FROM raw
)
SELECT
  _raw,
  4001 AS class_uid,
  -- A transit gateway judges no traffic.
  CASE flowAction WHEN 'ACCEPT' THEN 6 WHEN 'REJECT' THEN 5 ELSE CASE WHEN tgwId IS NOT NULL AND logStatus = 'OK' THEN 6 ELSE 0 END END AS activity_id,
  make_timestamp_ms(started * 1000) AS time_dt,
  make_timestamp_ms(started * 1000) AS start_time_dt,
  make_timestamp_ms(try_cast(endTime AS BIGINT) * 1000) AS end_time_dt,
  CASE flowAction WHEN 'ACCEPT' THEN 1 WHEN 'REJECT' THEN 2 ELSE CASE WHEN flowAction IS NULL THEN 0 ELSE 99 END END AS action_id,
  flowAction AS action,
  logStatus AS status_code,
  {product: {name: 'Amazon VPC', vendor_name: 'AWS', version: version, feature: {name: 'Flowlogs'}}} AS metadata,
  {provider: 'AWS', region: awsRegion, zone: azId, account: CASE WHEN accountId IS NOT NULL THEN {uid: accountId} END} AS cloud,
  {
    ip: COALESCE(pktSrcaddr, srcaddr),
    port: try_cast(srcport AS INTEGER),
    intermediate_ips: CASE WHEN pktSrcaddr <> srcaddr THEN [srcaddr] END,
    -- An endpoint must be named: a transit gateway's record without traffic has neither address nor interface, and a format may leave out both.
    svc_name: COALESCE(pktSrcService, CASE WHEN COALESCE(pktSrcaddr, srcaddr) IS NULL THEN COALESCE(tgwId, CASE WHEN interfaceId IS NULL THEN 'unknown' END) END),
    interface_uid: CASE WHEN direction = 2 OR COALESCE(pktSrcaddr, srcaddr) IS NULL THEN COALESCE(interfaceId, tgwSrcInterface) ELSE tgwSrcInterface END,
    vpc_uid: CASE WHEN direction = 2 THEN COALESCE(vpcId, tgwSrcVpc) ELSE tgwSrcVpc END,
    subnet_uid: CASE WHEN direction = 2 THEN COALESCE(subnetId, tgwSrcSubnet) ELSE tgwSrcSubnet END,
    instance_uid: CASE WHEN direction = 2 THEN instanceId END
  } AS src_endpoint,
  {
    ip: COALESCE(pktDstaddr, dstaddr),
    port: try_cast(dstport AS INTEGER),
    intermediate_ips: CASE WHEN pktDstaddr <> dstaddr THEN [dstaddr] END,
    svc_name: COALESCE(pktDstService, CASE WHEN COALESCE(pktDstaddr, dstaddr) IS NULL THEN COALESCE(tgwId, CASE WHEN interfaceId IS NULL THEN 'unknown' END) END),
    interface_uid: CASE WHEN direction <> 2 OR COALESCE(pktDstaddr, dstaddr) IS NULL THEN COALESCE(interfaceId, tgwDstInterface) ELSE tgwDstInterface END,
    vpc_uid: CASE WHEN direction <> 2 THEN COALESCE(vpcId, tgwDstVpc) ELSE tgwDstVpc END,
    subnet_uid: CASE WHEN direction <> 2 THEN COALESCE(subnetId, tgwDstSubnet) ELSE tgwDstSubnet END,
    instance_uid: CASE WHEN direction <> 2 THEN instanceId END
  } AS dst_endpoint,
  {
    protocol_num: try_cast(protocol AS INTEGER),
    protocol_ver: addressType,
    tcp_flags: try_cast(tcpFlags AS INTEGER),
    direction_id: direction,
    boundary_id: CASE trafficPath WHEN '1' THEN 4 WHEN '2' THEN 5 WHEN '3' THEN 6 WHEN '4' THEN 7 WHEN '5' THEN 8 WHEN '6' THEN 9 WHEN '7' THEN 10 WHEN '8' THEN 11
      ELSE CASE WHEN trafficPath IS NOT NULL THEN 99 END END
  } AS connection_info,
  CASE WHEN packets IS NOT NULL OR bytes IS NOT NULL
    THEN {packets: try_cast(packets AS BIGINT), bytes: try_cast(bytes AS BIGINT)} END AS traffic,
  CASE WHEN (direction = 0 AND flowDirection IS NOT NULL) OR trafficPath NOT BETWEEN '1' AND '8' OR strlen(trafficPath) > 1
    THEN MAP {'flow-direction': flowDirection, 'traffic-path': trafficPath} END AS unmapped,
  'VPC_FLOW' AS _native,
  CASE
    -- A cast would round a fraction without a word.
    WHEN contains(concat(srcport, dstport, protocol, packets, bytes, startTime, endTime, tcpFlags), '.') THEN 'number.fraction: a whole number was expected'
    WHEN startTime IS NOT NULL AND started IS NULL THEN 'time.invalid: start is no number of seconds: ' || startTime
    WHEN srcport IS NOT NULL AND try_cast(srcport AS USMALLINT) IS NULL THEN 'port.invalid: srcport is no port: ' || srcport
    WHEN dstport IS NOT NULL AND try_cast(dstport AS USMALLINT) IS NULL THEN 'port.invalid: dstport is no port: ' || dstport
    WHEN protocol IS NOT NULL AND try_cast(protocol AS INTEGER) IS NULL THEN 'protocol.invalid: ' || protocol
    WHEN packets IS NOT NULL AND try_cast(packets AS BIGINT) IS NULL THEN 'packets.invalid: ' || packets
    WHEN bytes IS NOT NULL AND try_cast(bytes AS BIGINT) IS NULL THEN 'bytes.invalid: ' || bytes
    WHEN tcpFlags IS NOT NULL AND try_cast(tcpFlags AS INTEGER) IS NULL THEN 'tcp-flags.invalid: ' || tcpFlags
    WHEN endTime IS NOT NULL AND try_cast(endTime AS BIGINT) IS NULL THEN 'time.invalid: end is no number of seconds: ' || endTime
  END AS _error
FROM f
