import { readFileSync } from "node:fs";
import { join } from "node:path";

const READ = /\.(tsx?|mjs|js|css|html|sql|md|json|sh)$/;
/** Recorded or generated text, and the file that lists the words. */
const NOT_READ = /^(fixtures|packages\/[a-z]+\/src\/prices|package-lock\.json|scripts\/source\/words\.mjs)/;

/** What is not written here, and why. */
const WORDS = [
  { pattern: /\b(TODO|FIXME|XXX|HACK)\b/, why: "do it, or open an issue" },
  {
    pattern: /\b(co-authored-by|written by an? (ai|assistant|agent|model)|ai[- ](generated|assistant)|as an ai\b)/i,
    why: "the project speaks of what it does, not of who wrote it",
  },
  { pattern: /(^|[\s"'`(])\/work\/|\/tmp\/(brief|npm\.lock|git\.lock)/, why: "a path of somebody's machine" },
  { pattern: /\/(home|Users)\/(?!\.\.\.|you\b|user\b|node\b|alice\b)[a-z]+\//, why: "a path of somebody's machine" },
];

/**
 * Words that do not belong into the repository.
 *
 * @param {string} root
 * @param {string} file below the root
 * @returns {string[]}
 */
export function checkWords(root, file) {
  if (!READ.test(file) || NOT_READ.test(file)) return [];
  return readFileSync(join(root, file), "utf8")
    .split("\n")
    .flatMap((line, index) =>
      WORDS.filter(({ pattern }) => pattern.test(line)).map(
        ({ why }) => `${file}:${index + 1}: ${why}: ${line.trim()}`,
      ),
    );
}
