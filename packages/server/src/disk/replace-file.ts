import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Replaces a small file, and makes its folder where there is none. A reader finds the old one or the new one and never half
 * of one. It is not synced: what must outlive the machine's power, as the engine's checkpoint, is written otherwise.
 */
export function replaceFile(path: string, content: Uint8Array | string): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.new`;
  writeFileSync(draft, content);
  renameSync(draft, path);
}
