import { Buffer } from "node:buffer";
import { Refusal } from "./refusal.ts";

const MAX_CHARACTERS = 100;

/**
 * The project that the header `x-telltale-project` names; "" without it. Throws `Refusal` (400)
 * unless it has 1 to 100 printable characters. UTF-8 is understood.
 */
export function projectOf(header: string | readonly string[] | undefined): string {
  if (header === undefined) return "";
  // Node gives header bytes as Latin-1.
  const bytes = Buffer.from(String(header), "latin1");
  const utf8 = bytes.toString("utf8");
  const project = (utf8.includes("\uFFFD") ? String(header) : utf8).trim();
  const length = [...project].length;
  if (length >= 1 && length <= MAX_CHARACTERS && !/\p{C}/u.test(project)) return project;
  throw new Refusal(400, `x-telltale-project must have 1 to ${MAX_CHARACTERS} printable characters`);
}
