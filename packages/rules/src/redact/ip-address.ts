import { isDigit, isHex, isWord, isWordBefore } from "./text-places.ts";

/** An address and whether it is one of the open internet. */
export interface FoundAddress {
  readonly start: number;
  readonly end: number;
  readonly scope: "public" | "private";
}

const SAYS_VERSION =
  /(?:\bv|\bver\.?|version|versions|release|rev\.?|revision|build|firmware|driver|upgrade(?:d)? to|update(?:d)? to|section|chapter|clause|paragraph|figure|table|§|appendix|oid|[~^<>]=?|==)["'`]?\s?[:=]?\s?["'`(]?$/i;
const CONTEXT = 24;

/** An IPv4 address that begins here: four numbers up to 255 without leading zeros, and nothing that goes on. */
export function ipv4At(text: string, start: number): FoundAddress | undefined {
  // A dot within four units, and nothing in front that it would be a part of.
  let dot = start + 1;
  while (isDigit(text, dot) && dot - start < 3) dot++;
  if (text.charCodeAt(dot) !== 46 || isGoingOn(text, start)) return undefined;
  const parts: number[] = [];
  let index = start;
  while (parts.length < 4) {
    const first = index;
    while (isDigit(text, index) && index - first < 4) index++;
    const size = index - first;
    const part = Number(text.slice(first, index));
    if (size === 0 || size > 3 || part > 255 || (size > 1 && text[first] === "0")) return undefined;
    parts.push(part);
    if (parts.length < 4 && text[index++] !== ".") return undefined;
  }
  if (isWord(text, index) || (text[index] === "." && isWord(text, index + 1))) return undefined;
  if (text[index] === "-" && isWord(text, index + 1) && !isDigit(text, index + 1)) return undefined;
  if (isPartOfName(text, start)) return undefined;
  return { start, end: index, scope: isPrivate(parts) ? "private" : "public" };
}

/** A longer number with dots, a name with a version. */
function isGoingOn(text: string, start: number): boolean {
  const before = text.charCodeAt(start - 1);
  return (before === 46 || before === 45 || before === 43) && isWord(text, start - 2);
}

/** A version, a section, a product's name with its version, a longer number with dots. */
function isPartOfName(text: string, start: number): boolean {
  if (isWordBefore(text, start)) return true;
  const before = text[start - 1] ?? "";
  if (before === "." || before === "-" || before === "+") return false;
  if (before === "/") return isWord(text, start - 2);
  if (before === "@")
    return /(?:^|[\s"'`/])@?[\w./-]+@$/.test(text.slice(Math.max(0, start - 64), start)) && !isAccount(text, start);
  const context = text.slice(Math.max(0, start - CONTEXT), start);
  // `ip=1.2.3.4` is an assignment, `pkg==1.2.3.4` a version.
  if (/[^=~^<>!]=["'`]?$/.test(context)) return /(?:version|ver|v|release|build)["'`]?\s?=["'`]?$/i.test(context);
  return SAYS_VERSION.test(context);
}

/** `://user@1.2.3.4`, `ssh root@1.2.3.4`. */
function isAccount(text: string, start: number): boolean {
  return /(?:ssh|scp|sftp|rsync|:\/\/)[^@]{0,48}@$|\b(?:root|admin|ubuntu|ec2-user|user|deploy|git|debian|centos|pi)@$/.test(
    text.slice(Math.max(0, start - 64), start),
  );
}

function isPrivate([first = 0, second = 0]: readonly number[]): boolean {
  if (first === 0 || first === 10 || first === 127 || first >= 224) return true;
  if (first === 172) return second >= 16 && second <= 31;
  if (first === 100) return second >= 64 && second <= 127;
  return (first === 192 && second === 168) || (first === 169 && second === 254);
}

const MOST_UNITS = 45;
const COLON = 58;

/** The IPv6 address whose first colon stands here. */
export function ipv6At(text: string, colon: number): FoundAddress | undefined {
  if (text.charCodeAt(colon + 1) !== COLON && !isHex(text, colon + 1)) return undefined;
  let start = colon;
  while (colon - start < 5 && isHex(text, start - 1)) start--;
  if (colon - start > 4 || text[start - 1] === ":" || isWordBefore(text, start)) return undefined;
  if (text[start - 1] === "." || text[start - 1] === "-") return undefined;
  let end = colon;
  let colons = 0;
  let isShortened = false;
  for (; end - start < MOST_UNITS; end++)
    if (text.charCodeAt(end) === COLON) {
      colons++;
      if (text.charCodeAt(end + 1) === COLON) isShortened = true;
    } else if (!isHex(text, end)) break;
  // Times of day have two, and nothing left out.
  if (!isShortened && colons < 7) return undefined;
  // An address in front of a colon that ends a clause.
  if (text[end - 1] === ":" && text[end - 2] !== ":") end--;
  if (isWord(text, end)) return undefined;
  const scope = scopeOf(text.slice(start, end));
  return scope === undefined ? undefined : { start, end, scope };
}

function scopeOf(address: string): FoundAddress["scope"] | undefined {
  const halves = address.split("::");
  if (halves.length > 2 || address.includes(":::")) return undefined;
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  if (groups.some((group) => group === "" || group.length > 4)) return undefined;
  if (halves.length === 1 ? groups.length !== 8 : groups.length > 7) return undefined;
  const [first = ""] = groups;
  if (address.startsWith("::")) return address === "::1" ? "private" : undefined;
  if (/^(?:fe[89ab][0-9a-f]|f[cd][0-9a-f]{2})$/i.test(first)) return "private";
  // Written in full it is one whatever it begins with; eight bytes with colons are none.
  if (halves.length === 1 && groups.some((group) => group.length > 2) && /\d/.test(address)) return "public";
  // Global unicast (RFC 4291: 2000::/3) in its four digits.
  return /^[23][0-9a-f]{3}$/i.test(first) ? "public" : undefined;
}
