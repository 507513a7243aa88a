import { readdirSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";

/** One file of a journal. */
export interface SegmentFile {
  readonly segment: number;
  readonly path: string;
  readonly bytes: number;
}

/** `<directory>/00000001.log`. */
export function segmentPath(directory: string, segment: number): string {
  return join(directory, `${String(segment).padStart(8, "0")}.log`);
}

/** Numbers of the segments in a directory, oldest first. */
export function listSegments(directory: string): number[] {
  const names = readdirSync(directory).filter((name) => /^\d{8,}\.log$/.test(name));
  return names.map((name) => Number.parseInt(name, 10)).sort((a, b) => a - b);
}

/** The segments in a directory with their sizes, oldest first. */
export function measureSegments(directory: string): SegmentFile[] {
  return listSegments(directory).map((segment) => {
    const path = segmentPath(directory, segment);
    return { segment, path, bytes: statSync(path).size };
  });
}

/** Makes the names in a directory survive a power cut. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
