import { ipv4At, ipv6At } from "../redact/ip-address.ts";
import { HEX_DIGITS } from "../redact/text-places.ts";
import type { Redactor } from "../redactor.ts";

/** Addresses of the open internet. */
export const ipAddress: Redactor = {
  name: "ip-address",
  summary: "public IPv4 and IPv6 addresses; not versions and section numbers, not loopback and private ranges",
  source: "RFC 791, RFC 4291 and RFC 6890 (special ranges)",
  standard: true,
  anchors: [{ digits: 4 }, { literal: ":", next: `:${HEX_DIGITS}` }],
  at(text, index) {
    const found = text.charCodeAt(index) === 58 ? ipv6At(text, index) : ipv4At(text, index);
    return found?.scope === "public" ? found : undefined;
  },
  canonical: (value) => value.toLowerCase(),
};
