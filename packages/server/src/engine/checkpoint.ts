import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { Position } from "../journal/journal.ts";

/**
 * The batch that is being inserted. Written before its first insert, so that after a crash the
 * same entries are taken again under the same number and the store drops what it already has.
 * That batch N+1 has begun says that batch N is complete.
 */
export interface Checkpoint {
  readonly batch: number;
  readonly from: Position;
  readonly to: Position;
}

/** The checkpoint file of a data directory; `undefined` when nothing was ever inserted. */
export function readCheckpoint(path: string): Checkpoint | undefined {
  if (!existsSync(path)) return undefined;
  return JSON.parse(readFileSync(path, "utf8")) as Checkpoint;
}

/** Replaces the checkpoint; on disk when it returns. */
export function writeCheckpoint(path: string, checkpoint: Checkpoint): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.new`;
  const file = openSync(draft, "w");
  writeSync(file, JSON.stringify(checkpoint));
  fsyncSync(file);
  closeSync(file);
  renameSync(draft, path);
  const directory = openSync(dirname(path), "r");
  fsyncSync(directory);
  closeSync(directory);
}
