import { constants } from "node:fs";
import { access, stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { CheckResult } from "./check-result.ts";

/** Below this the engine soon cannot merge its parts, and the journal refuses. */
const LITTLE_BYTES = 200 * 2 ** 20;
const SCARCE_BYTES = 2 * 2 ** 30;

/** The folder itself, or the nearest one above it that exists and would have to take it. */
async function nearestExisting(path: string): Promise<string> {
  let folder = path;
  while (folder !== dirname(folder)) {
    if (await stat(folder).then(() => true, isOtherThanMissing)) return folder;
    folder = dirname(folder);
  }
  return folder;
}

function isOtherThanMissing(error: NodeJS.ErrnoException): boolean {
  return error.code !== "ENOENT";
}

function gigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GB`;
}

/** Whether everything that is received can be kept: the directory, the right to write in it, and room. */
export async function checkDataDirectory(directory: string): Promise<CheckResult> {
  const subject = "data";
  const advice = "Name another one: telltale serve --data DIRECTORY";
  const folder = await nearestExisting(directory);
  const { isDirectory, failure } = await look(folder);
  if (failure) return { status: "problem", subject, text: `${directory} cannot be written: ${failure}`, advice };
  if (!isDirectory) return { status: "problem", subject, text: `${folder} is a file and no directory`, advice };
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const state = folder === directory ? "is writable" : "will be made at the first start";
  const text = `${directory} ${state}; ${gigabytes(free)} free`;
  if (free >= SCARCE_BYTES) return { status: "ok", subject, text };
  return { status: free < LITTLE_BYTES ? "problem" : "hint", subject, text, advice: "Make room, or move the data." };
}

async function look(folder: string): Promise<{ isDirectory: boolean; failure?: string }> {
  try {
    const isDirectory = (await stat(folder)).isDirectory();
    await access(folder, isDirectory ? constants.W_OK | constants.X_OK : constants.F_OK);
    return { isDirectory };
  } catch (error) {
    return { isDirectory: false, failure: error instanceof Error ? error.message : String(error) };
  }
}
