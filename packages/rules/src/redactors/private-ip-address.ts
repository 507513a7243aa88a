import { ipv4At, ipv6At } from "../redact/ip-address.ts";
import { HEX_DIGITS } from "../redact/text-places.ts";
import type { Redactor } from "../redactor.ts";

/** Addresses that mean something within one network only. */
export const privateIpAddress: Redactor = {
  name: "private-ip-address",
  summary: "loopback, private, link-local and other special IPv4 and IPv6 addresses",
  source: "RFC 1918, RFC 4193, RFC 6598 and RFC 6890",
  standard: false,
  anchors: [{ digits: 4 }, { literal: ":", next: `:${HEX_DIGITS}` }],
  at(text, index) {
    const found = text.charCodeAt(index) === 58 ? ipv6At(text, index) : ipv4At(text, index);
    return found?.scope === "private" ? found : undefined;
  },
  canonical: (value) => value.toLowerCase(),
};
