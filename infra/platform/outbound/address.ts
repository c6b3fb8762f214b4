import ipaddr from 'ipaddr.js';

/** Whether an address belongs to the public internet: not private, loopback, link-local, shared, reserved, multicast or a mapped form of such. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return parsed.range() === 'unicast';
}
