/** Whose requests count as one client's: an address, or of IPv6 the network that a household or a host is given. */
import type { IncomingMessage } from "node:http";
import { isIPv6 } from "node:net";

const IPV4_IN_IPV6 = /^::ffff:([0-9.]+)$/i;
const GROUPS = 8;

/** Of a client that is gone already there is none. What proxies claim is not believed. */
export function clientAddressOf({ socket: { remoteAddress = "" } }: IncomingMessage): string {
  const ipv4 = IPV4_IN_IPV6.exec(remoteAddress)?.[1];
  if (ipv4 !== undefined) return ipv4;
  return isIPv6(remoteAddress) ? networkOf(remoteAddress) : remoteAddress;
}

/** The first 56 bits: who has such a network has 2^72 addresses. */
function networkOf(address: string): string {
  const [left = [], right = []] = address.split("::").map((part) => part.split(":").filter(Boolean));
  const zeros = Array<string>(GROUPS - left.length - right.length).fill("0");
  const [a, b, c, d = ""] = [...left, ...zeros, ...right];
  return `${a}:${b}:${c}:${d.padStart(4, "0").slice(0, 2)}00::/56`;
}
