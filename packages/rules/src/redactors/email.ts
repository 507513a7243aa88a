import { isWord } from "../redact/text-places.ts";
import type { Redactor, SecretRange } from "../redactor.ts";

/** RFC 5321: 64 for the local part, 255 for the domain. */
const LONGEST_LOCAL = 64;
const LONGEST_DOMAIN = 255;

/** Last labels that are ends of files: `icon@2x.png` is a picture. */
const FILE_ENDS =
  /^(?:png|jpe?g|gif|svg|webp|avif|ico|bmp|tiff?|pdf|css|scss|less|html?|xml|jsx?|mjs|cjs|tsx?|json|ya?ml|toml|lock|txt|csv|log|conf|cfg|ini|exe|dll|zip|tgz|gz|service|socket|mount|timer|target)$/i;

/** Letters of Latin, Greek and Cyrillic script: other scripts write without blanks around what is not theirs. */
function isForeignLetter(code: number): boolean {
  return (code >= 0xc0 && code <= 0x24f && code !== 0xd7 && code !== 0xf7) || (code >= 0x370 && code <= 0x52f);
}

const LOCAL = /[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]/;
const EDGE = /^[.'`*=&?/|{}~!#$^+-]/;

function localStart(text: string, at: number): number {
  let start = at;
  while (start > 0 && at - start < LONGEST_LOCAL) {
    const code = text.charCodeAt(start - 1);
    if (code < 128 ? !LOCAL.test(text[start - 1] ?? "") : !isForeignLetter(code)) break;
    start--;
  }
  // What stands in front of a local part and is no part of it: `to=`, a path, a quotation, an escape.
  const local = text.slice(start, at);
  const cut = Math.max(local.lastIndexOf("="), local.lastIndexOf("/"), local.lastIndexOf("|"), local.lastIndexOf("?"));
  start += cut + 1;
  const escape = /^(?:%[0-9A-Fa-f]{2})+/.exec(text.slice(start, at));
  start += escape?.[0].length ?? 0;
  if (text[start - 1] === "\\") start += /^u[0-9a-fA-F]{4}/.test(text.slice(start, at)) ? 5 : 1;
  while (start < at && EDGE.test(text[start] ?? "")) start++;
  return start;
}

function isDomainUnit(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code === 45 || (code !== 95 && isWord(text, index)) || isForeignLetter(code);
}

/** The end of the domain: labels with single dots; the last has letters only. */
function domainEnd(text: string, from: number): number | undefined {
  let index = from;
  let end: number | undefined;
  let label = from;
  while (index - from < LONGEST_DOMAIN) {
    while (isDomainUnit(text, index)) index++;
    if (index === label) break;
    const isTop = label > from && isTopLabel(text.slice(label, index));
    if (isTop) end = index;
    if (text[index] !== ".") break;
    label = ++index;
  }
  // A last label that is none, as the next sentence's first word is, ends the domain before it.
  return end;
}

function isTopLabel(label: string): boolean {
  return /^(?:[a-z\u00c0-\u024f\u0370-\u052f]{2,24}|xn--[a-z0-9-]{2,59})$/i.test(label) && !FILE_ENDS.test(label);
}

/** Addresses of e-mail. */
export const email: Redactor = {
  name: "email",
  summary: "e-mail addresses with a local part and a domain under a top-level domain of letters",
  source: "RFC 5321 and RFC 5322 (addr-spec, without quoted local parts), RFC 6531 for other letters",
  standard: true,
  anchors: [{ literal: "@" }],
  at(text, index): SecretRange | undefined {
    const start = localStart(text, index);
    if (start >= index || text[index - 1] === ".") return undefined;
    const end = domainEnd(text, index + 1);
    if (end === undefined || end - index > LONGEST_DOMAIN) return undefined;
    if (text[index + 1] === "-" || text.slice(start, index).includes("..")) return undefined;
    // Somebody's account on a machine in an address, and the account of a repository: `git@github.com:owner/name`.
    if (/:\/\/[^\s/@]*$/.test(text.slice(Math.max(0, start - LONGEST_LOCAL), start))) return undefined;
    if (/^(?:git|hg|svn)$/.test(text.slice(start, index)) && /[:/]/.test(text[end] ?? "")) return undefined;
    if (text[start - 1] === "@" || text[end] === "@") return undefined;
    return { start, end };
  },
  canonical: (value) => value.toLowerCase(),
};
