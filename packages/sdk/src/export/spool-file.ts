import type { OtlpRequest, Signal } from "./otlp-request.ts";

// A file holds one request: magic, version, signal, two bytes of nothing, count, CRC-32 of all of
// this and of the message, then the message. Its name tells age, writer and size:
// `<ms>-<machine>.<pid>-<n>-<bytes>.otlp`, and while a process sends it `…otlp~<machine>.<pid>.<ms until>`.
const MAGIC = 0x4c54_5453;
const VERSION = 1;
const HEADER_BYTES = 16;
const SIGNALS: readonly Signal[] = ["traces", "metrics"];
const NAME = /^(\d{15})-([0-9a-f]+)\.(\d+)-(\d+)-(\d+)\.otlp(?:~([0-9a-f]+)\.(\d+)\.(\d+))?$/;
const PART = /^\.part-(\d{15})-([0-9a-f]+)\.(\d+)-/;
const TIME_DIGITS = 15;
const SEQUENCE_DIGITS = 9;
/** What another machine left half-written is rubbish after so long. */
const PART_LIFETIME_MS = 10 * 60_000;

/** The name of a file, read. */
export interface SpoolName {
  readonly name: string;
  readonly bytes: number;
  /** Whether some process may be sending it. */
  readonly claimed: boolean;
}

/** Distinguishes machines, and containers with process numbers of their own, that share a directory. */
function machineOf(): string {
  let processes = "";
  try {
    processes = process.getBuiltinModule("node:fs").readlinkSync("/proc/self/ns/pid");
  } catch {
    // Not Linux: the name of the machine alone.
  }
  // These are loaded when they are wanted: each takes up to 10 ms, which no start-up should wait for.
  const { createHash } = process.getBuiltinModule("node:crypto");
  const { hostname } = process.getBuiltinModule("node:os");
  return createHash("sha256").update(`${hostname()} ${processes}`).digest("hex").slice(0, 12);
}

let machineName: string | undefined;
let sequence = 0;

function machine(): string {
  return (machineName ??= machineOf());
}

/** Header and message of the file for a request. */
export function fileOf(request: OtlpRequest): Buffer[] {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(MAGIC, 0);
  header[4] = VERSION;
  header[5] = SIGNALS.indexOf(request.signal);
  header.writeUInt32LE(request.count, 8);
  header.writeUInt32LE(checksum(header, request.bytes), 12);
  return [header, ...request.bytes];
}

/** The request in a file; undefined when the file is damaged. */
export function requestOf(file: Buffer): OtlpRequest | undefined {
  if (file.length < HEADER_BYTES || file.readUInt32LE(0) !== MAGIC || file[4] !== VERSION) return undefined;
  const message = file.subarray(HEADER_BYTES);
  const signal = SIGNALS[file[5] ?? SIGNALS.length];
  if (signal === undefined || file.readUInt32LE(12) !== checksum(file, [message])) return undefined;
  return { signal, bytes: [message], count: file.readUInt32LE(8) };
}

function checksum(header: Buffer, pieces: readonly Buffer[]): number {
  const { crc32 } = process.getBuiltinModule("node:zlib");
  let sum = crc32(header.subarray(0, 12));
  for (const piece of pieces) sum = crc32(piece, sum);
  return sum;
}

/** A new name; names in their order are from the oldest to the newest. */
export function newName(bytes: number): { readonly part: string; readonly name: string } {
  // In digits of one length, so that of two of one millisecond the 9th comes before the 10th.
  const number = inDigits(sequence++, SEQUENCE_DIGITS);
  const name = `${inDigits(Date.now(), TIME_DIGITS)}-${machine()}.${process.pid}-${number}-${bytes}.otlp`;
  return { part: `.part-${name}`, name };
}

/** The name by which this process says that it is sending the file until then (ms since 1970). */
export function claimName(name: string, until: number): string {
  return `${unclaimedName(name)}~${machine()}.${process.pid}.${until}`;
}

/** The name without the claim. */
export function unclaimedName(name: string): string {
  return name.replace(/~.*$/, "");
}

/** Reads a name; undefined when it is none of ours. A claim of a process that is gone, or that ran out, is none. */
export function readName(name: string, now: number = Date.now()): SpoolName | undefined {
  const [, , , , , bytes, claimant, pid, until] = NAME.exec(name) ?? [];
  if (bytes === undefined) return undefined;
  const claimed = until !== undefined && Number(until) > now && isThere(claimant, Number(pid));
  return { name, bytes: Number(bytes), claimed };
}

/** Whether this is a file that nobody will finish. */
export function isAbandonedPart(name: string, now: number = Date.now()): boolean {
  const [, time, writer, pid] = PART.exec(name) ?? [];
  return time !== undefined && (!isThere(writer, Number(pid)) || now - Number(time) > PART_LIFETIME_MS);
}

/** False only when the process surely ended. */
function isThere(owner: string | undefined, pid: number): boolean {
  if (owner !== machine()) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(typeof error === "object" && error !== null && "code" in error && error.code === "ESRCH");
  }
}

function inDigits(number: number, count: number): string {
  return String(number).padStart(count, "0");
}
