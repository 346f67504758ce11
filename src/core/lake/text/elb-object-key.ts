import { isIpAddress } from './ip-address.ts';

/** What the key of a load balancer's log tells of its owner; the lines do not. */
export interface ElbOwner {
  readonly key_account: string | null;
  readonly key_region: string | null;
  /** The load balancer's resource id, e.g. `app/my-balancer/50dc6c495c0c9188`, or a Classic Load Balancer's name. */
  readonly key_elb: string | null;
  /** The address of the load balancer node that wrote the log. */
  readonly key_node_ip: string | null;
}

const fileName =
  /(?:^|[/._])(\d{12})_elasticloadbalancing_([a-z]{2}[a-z0-9-]{1,30})_([A-Za-z0-9.-]{1,80})_\d{8}T\d{4}Z_([0-9A-Fa-f.:]{2,45})_/;

/** Reads `…/111122223333_elasticloadbalancing_ap-northeast-1_app.name.id_20261124T0005Z_192.0.2.10_random.log.gz`. */
export function elbOwner(key: string): ElbOwner {
  const found = fileName.exec(key);
  const [, account = null, region = null, balancer = null, node = ''] = found ?? [];
  return {
    key_account: account,
    key_region: region,
    key_elb: balancer === null ? null : balancer.replaceAll('.', '/'),
    key_node_ip: isIpAddress(node) ? node : null,
  };
}
