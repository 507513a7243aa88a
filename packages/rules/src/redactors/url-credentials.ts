import { isConnectionScheme, isPlaceholder, urlAccountAt } from "../redact/url-account.ts";
import type { Redactor, SecretRange } from "../redactor.ts";

/** User and password in the address of a page, a file or a repository. */
export const urlCredentials: Redactor = {
  name: "url-credentials",
  summary: "user and password in an address, as in https://user:password@host; the host stays",
  source: "RFC 3986 section 3.2.1, RFC 7617; Sentry's documentation (DSN)",
  standard: true,
  anchors: [{ literal: "://" }],
  at(text, index): SecretRange | undefined {
    const account = urlAccountAt(text, index);
    if (account === undefined) return sentryKey(text, index + 3);
    if (isConnectionScheme(account.scheme) || isPlaceholder(account.password)) return undefined;
    return { start: account.start, end: account.end };
  },
};

const SENTRY = /[0-9a-f]{32}(?=@[a-z0-9.-]{0,80}sentry)/y;

function sentryKey(text: string, start: number): SecretRange | undefined {
  SENTRY.lastIndex = start;
  return SENTRY.test(text) ? { start, end: SENTRY.lastIndex } : undefined;
}
