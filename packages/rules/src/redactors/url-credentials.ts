import { isConnectionScheme, isPlaceholder, urlAccountAt } from "../redact/url-account.ts";
import type { Redactor, SecretRange } from "../redactor.ts";

/** User and password in the address of a page, a file or a repository. */
export const urlCredentials: Redactor = {
  name: "url-credentials",
  summary: "user and password in an address, as in https://user:password@host, and behind curl -u; the host stays",
  source: "RFC 3986 section 3.2.1, RFC 7617; Sentry's documentation (DSN)",
  standard: true,
  anchors: [{ literal: "://" }, { literal: " -u " }, { literal: "--user " }],
  at(text, index): SecretRange | undefined {
    if (text[index] !== ":") return curlAccount(text, index);
    const account = urlAccountAt(text, index);
    if (account === undefined) return sentryKey(text, index + 3);
    if (isConnectionScheme(account.scheme) || isPlaceholder(account.password)) return undefined;
    return { start: account.start, end: account.end };
  },
};

/** How far in front of its option a command may begin. */
const COMMAND = 400;
const CURL = /(?: -u |--user )["']?([^\s"':{$<]{0,64}:[^\s"'<>]{3,128})/y;

/** `curl -u user:password`: within one command. */
function curlAccount(text: string, index: number): SecretRange | undefined {
  if (!/\bcurl\b[^\n]*(?:\\\n[^\n]*)*$/.test(text.slice(Math.max(0, index - COMMAND), index))) return undefined;
  CURL.lastIndex = index;
  const account = CURL.exec(text)?.[1];
  if (account === undefined || isPlaceholder(account.slice(account.indexOf(":") + 1))) return undefined;
  return { start: CURL.lastIndex - account.length, end: CURL.lastIndex };
}

const SENTRY = /[0-9a-f]{32}(?=@[a-z0-9.-]{0,80}sentry)/y;

function sentryKey(text: string, start: number): SecretRange | undefined {
  SENTRY.lastIndex = start;
  return SENTRY.test(text) ? { start, end: SENTRY.lastIndex } : undefined;
}
