import { warn } from "../diagnostics.ts";

/** How the rules are given a keyed hash and a cipher. */
interface KeyedMarks {
  readonly hash: (secret: string) => string;
  readonly seal: (secret: string) => string;
}

/** The ciphers of the web answer later, and a span is not kept waiting: here the modes `hash` and `seal` are `label`. */
export async function keyedMarks(_key: string): Promise<KeyedMarks | undefined> {
  warn("redact.key needs Node, and is ignored in browsers and workers: secrets are replaced by their label.");
  return undefined;
}
