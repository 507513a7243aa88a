import type { FoundSecret } from "./find-secrets.ts";

/** Shorter runs hold no secret that was worth encoding. */
const SHORTEST = 16;
/** Longer ones are pictures and sounds; what they say is looked at up to here. */
const LONGEST = 256 * 1024;
/** Of the first bytes so many must be text: a picture fails on the first. */
const PROBE = 96;

const RUN = /[A-Za-z0-9+/_-]{16,}={0,2}/g;

/** The text that a run of base64 or base64url says; undefined when it says none. */
function textOf(run: string): string | undefined {
  const standard = run.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");
  if (standard.length % 4 === 1) return undefined;
  try {
    const probe = atob(standard.slice(0, PROBE));
    if (!isText(probe)) return undefined;
    const binary = atob(standard.slice(0, LONGEST));
    return new TextDecoder("utf-8").decode(Uint8Array.from(binary, (character) => character.charCodeAt(0)));
  } catch {
    return undefined;
  }
}

/** Whether bytes have no control characters but those of text. */
function isText(bytes: string): boolean {
  for (let index = 0; index < bytes.length; index++) {
    const code = bytes.charCodeAt(index);
    if (code < 32 && code !== 9 && code !== 10 && code !== 13) return false;
  }
  return true;
}

/** Looks into every run of base64; one with a secret in it is found as a whole, as a secret of that kind. */
export function findInBase64(
  text: string,
  found: FoundSecret[],
  look: (decoded: string, inner: FoundSecret[]) => void,
): void {
  for (const match of text.matchAll(RUN)) {
    const [run] = match;
    if (run.length < SHORTEST) continue;
    const decoded = textOf(run);
    if (decoded === undefined) continue;
    const inner: FoundSecret[] = [];
    look(decoded, inner);
    const [first] = inner;
    if (first !== undefined)
      found.push({ start: match.index, end: match.index + run.length, rule: first.rule, value: run });
  }
}
