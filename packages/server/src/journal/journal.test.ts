import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { comparePositions, JOURNAL_START, JournalFullError } from "./journal.ts";
import type { JournalEntry, Position } from "./journal.ts";
import { openJournal } from "./open-journal.ts";
import type { JournalOptions, JournalWriter } from "./open-journal.ts";
import { readJournal } from "./read-journal.ts";
import { segmentPath } from "./segment-files.ts";

let directory = "";
const open: JournalWriter[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "telltale-journal-"));
});

afterEach(async () => {
  for (const journal of open.splice(0)) await journal.close();
  rmSync(directory, { recursive: true, force: true });
});

async function opened(options: Partial<JournalOptions> = {}): Promise<JournalWriter> {
  const journal = await openJournal({ directory, ...options });
  open.push(journal);
  return journal;
}

function entry(text: string, fields: Partial<JournalEntry> = {}): JournalEntry {
  return { signal: "traces", encoding: "protobuf", project: "", receivedAt: 1n, body: Buffer.from(text), ...fields };
}

/** Reads everything up to a position: the bodies as text, and what was damaged. */
function readAll(upTo: Position, maxBytes = 1 << 20, from: Position = JOURNAL_START) {
  const reader = readJournal(directory, from);
  reader.readUpTo(upTo);
  const bodies: string[] = [];
  for (let slice = reader.next(maxBytes); slice; slice = reader.next(maxBytes)) {
    for (const { body } of slice.entries) bodies.push(Buffer.from(body).toString());
  }
  reader.close();
  return { bodies, damaged: reader.damaged, position: reader.position };
}

async function appendAll(journal: JournalWriter, texts: readonly string[]): Promise<Position[]> {
  return Promise.all(texts.map((text) => journal.append(entry(text))));
}

describe("a journal", () => {
  it("gives back what was appended, in order, with everything that was said of it", async () => {
    const journal = await opened();
    const entries: JournalEntry[] = [
      entry("one", { project: "größe", receivedAt: 1_763_990_000_123_456_789n }),
      entry("", { signal: "logs", encoding: "json" }),
      entry("three", { signal: "metrics" }),
    ];
    const positions = await Promise.all(entries.map((one) => journal.append(one)));
    expect(positions.map((position) => position.segment)).toEqual([1, 1, 1]);
    const reader = readJournal(directory);
    reader.readUpTo(journal.position);
    const slice = reader.next(1000)!;
    expect(slice.entries.map(({ body, ...rest }) => ({ ...rest, body: Buffer.from(body) }))).toEqual(
      entries.map((one, index) => ({ ...one, end: positions[index] })),
    );
    expect(slice.to).toEqual(journal.position);
    expect(reader.next(1000)).toBeUndefined();
    reader.close();
  });

  it("writes what waits together with one sync, and tells how far it is", async () => {
    const told: Position[] = [];
    const journal = await opened({ onAdvance: (position) => told.push(position) });
    await appendAll(
      journal,
      Array.from({ length: 300 }, (_, index) => `entry ${index}`),
    );
    expect(journal.figures().syncs).toBeLessThan(5);
    expect(told.at(-1)).toEqual(journal.position);
    expect(readAll(journal.position).bodies).toHaveLength(300);
  });

  it("shows a reader nothing behind the position that it was told", async () => {
    const journal = await opened();
    const first = await journal.append(entry("first"));
    await journal.append(entry("second"));
    expect(readAll(first).bodies).toEqual(["first"]);
  });

  it("goes on in further segments and never splits an entry", async () => {
    const journal = await opened({ segmentBytes: 200 });
    const texts = ["a", "b".repeat(1000), "c", "d".repeat(90), "e".repeat(90)];
    for (const text of texts) await journal.append(entry(text));
    expect(readdirSync(directory).length).toBeGreaterThan(2);
    expect(readAll(journal.position, 1).bodies).toEqual(texts);
    expect(readAll(journal.position).bodies).toEqual(texts);
  });

  it("can be read from any position an append gave", async () => {
    const journal = await opened({ segmentBytes: 100 });
    const texts = Array.from({ length: 9 }, (_, index) => `text ${index}`);
    const positions: Position[] = [];
    for (const text of texts) positions.push(await journal.append(entry(text)));
    for (const [index, position] of positions.entries()) {
      expect(readAll(journal.position, 50, position).bodies).toEqual(texts.slice(index + 1));
    }
  });

  it("is tailed by a reader while it grows", async () => {
    const journal = await opened({ segmentBytes: 100 });
    const reader = readJournal(directory);
    for (let index = 0; index < 20; index++) {
      reader.readUpTo(await journal.append(entry(`text ${index}`)));
      expect(reader.next(1000)?.entries.map(({ body }) => Buffer.from(body).toString())).toEqual([`text ${index}`]);
      expect(reader.next(1000)).toBeUndefined();
    }
    reader.close();
  });

  it("begins a new segment after it was opened again, and tells of what is there", async () => {
    const before = await opened();
    await before.append(entry("before"));
    await before.close();
    const told: Position[] = [];
    const after = await opened({ onAdvance: (position) => told.push(position) });
    expect(told).toEqual([before.position]);
    expect((await after.append(entry("after"))).segment).toBe(2);
    expect(readAll(after.position).bodies).toEqual(["before", "after"]);
  });

  it("refuses at the bound on unread bytes and takes more when its reader went on", async () => {
    const journal = await opened({ maxUnreadBytes: 1000 });
    const position = await journal.append(entry("x".repeat(700)));
    await expect(journal.append(entry("y".repeat(700)))).rejects.toBeInstanceOf(JournalFullError);
    journal.setReadPosition("engine", position);
    expect(journal.figures().unreadBytes).toBe(0);
    await journal.append(entry("y".repeat(700)));
    await expect(Promise.all([journal.append(entry("z")), journal.append(entry("z".repeat(700)))])).rejects.toThrow(
      /limit is 1000/,
    );
  });

  it("counts the bytes of its slowest reader", async () => {
    const journal = await opened();
    const first = await journal.append(entry("one"));
    const second = await journal.append(entry("two"));
    journal.setReadPosition("engine", second);
    journal.setReadPosition("forwarder", first);
    expect(journal.figures().unreadBytes).toBe(second.offset - first.offset);
  });

  it("keeps what a reader is through with and may have to read again", async () => {
    const journal = await opened({ segmentBytes: 100, keepBytes: 0 });
    const first = await journal.append(entry("x".repeat(60)));
    const second = await journal.append(entry("y".repeat(60)));
    journal.setReadPosition("engine", first, second);
    await journal.close();
    expect(journal.figures().unreadBytes).toBe(0);
    expect(readAll(second).bodies).toContain("y".repeat(60));
  });

  it("removes segments that all readers passed, except the newest kept for replay", async () => {
    const journal = await opened({ segmentBytes: 100, keepBytes: 250 });
    const positions: Position[] = [];
    for (let index = 0; index < 10; index++) positions.push(await journal.append(entry("x".repeat(60))));
    journal.setReadPosition("engine", positions[4]!);
    await journal.close();
    expect(readdirSync(directory).sort()).toEqual([
      "00000005.log",
      ...[6, 7, 8, 9].map((n) => `0000000${n}.log`),
      "00000010.log",
    ]);
    const again = await opened({ segmentBytes: 100, keepBytes: 250 });
    again.setReadPosition("engine", again.position);
    await again.close();
    expect(readdirSync(directory).sort()).toEqual(["00000008.log", "00000009.log", "00000010.log"]);
  });

  it("never gives a number again, also when files were removed under its reader", async () => {
    const journal = await opened();
    journal.setReadPosition("engine", { segment: 41, offset: 7 });
    expect((await journal.append(entry("x"))).segment).toBe(42);
  });

  it("rejects when it is closed", async () => {
    const journal = await opened();
    const last = journal.append(entry("last"));
    await journal.close();
    await expect(journal.append(entry("x"))).rejects.toThrow(/stopping/);
    expect(readAll(await last).bodies).toEqual(["last"]);
  });

  it("rejects what the disk refuses, reports it, and goes on afterwards", async () => {
    const errors: Error[] = [];
    const journal = await opened({ onError: (error) => errors.push(error) });
    await journal.append(entry("kept"));
    await journal.close();
    const blocked = await opened({ onError: (error) => errors.push(error) });
    writeFileSync(segmentPath(directory, 2), "somebody else's");
    await expect(blocked.append(entry("lost"))).rejects.toThrow(/EEXIST/);
    expect(errors.map(({ message }) => message).join()).toMatch(/EEXIST/);
    await blocked.append(entry("next"));
    const { bodies } = readAll(blocked.position);
    expect(bodies).toEqual(["kept", "next"]);
  });
});

describe("a damaged journal", () => {
  const texts = ["alpha", "beta".repeat(5), "", "delta"];

  /** A segment with the four texts, and one more segment behind it. */
  async function written(): Promise<{ path: string; bytes: Buffer; ends: Position[]; end: Position }> {
    const journal = await opened();
    const ends = await appendAll(journal, texts);
    await journal.close();
    const next = await opened();
    const end = await next.append(entry("behind"));
    await next.close();
    const path = segmentPath(directory, 1);
    return { path, bytes: readFileSync(path), ends, end };
  }

  it("gives every whole entry whatever byte it was cut at", async () => {
    const { path, bytes, ends, end } = await written();
    for (let length = bytes.length; length >= 0; length--) {
      truncateSync(path, length);
      const whole = ends.filter(({ offset }) => offset <= length).length;
      const { bodies, damaged, position } = readAll(end);
      expect(bodies, `cut at ${length}`).toEqual([...texts.slice(0, whole), "behind"]);
      expect(position).toEqual(end);
      const clean = length <= 24 || ends.some(({ offset }) => offset === length);
      expect(damaged.entries, `cut at ${length}`).toBe(clean ? 0 : 1);
    }
  });

  it("gives every whole entry also when the cut segment is the last and is told as longer", async () => {
    const { path, bytes, ends } = await written();
    rmSync(segmentPath(directory, 2));
    const end = ends.at(-1)!;
    for (let length = bytes.length; length >= 0; length--) {
      truncateSync(path, length);
      const whole = ends.filter(({ offset }) => offset <= length).length;
      expect(readAll(end).bodies).toEqual(texts.slice(0, whole));
      expect(readAll(end).position).toEqual(end);
    }
  });

  it("loses only the entry that a flipped bit hit, and counts it", async () => {
    const { path, bytes, ends, end } = await written();
    const starts = [24, ...ends.map(({ offset }) => offset)];
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), fc.integer({ min: 1, max: 300 }), (index, bit, maxBytes) => {
        const flipped = Buffer.from(bytes);
        flipped[index]! ^= 1 << bit;
        writeFileSync(path, flipped);
        const hit = starts.findLastIndex((start) => start <= index);
        const { bodies, damaged } = readAll(end, maxBytes);
        expect(bodies).toEqual([...texts.filter((_, text) => text !== hit), "behind"]);
        expect(damaged.entries).toBe(hit < 0 ? 0 : 1);
      }),
      { numRuns: 500 },
    );
  });

  it("never throws and never stands still on any bytes", async () => {
    const { path, end } = await written();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        writeFileSync(path, bytes);
        const { bodies, position } = readAll(end);
        expect(bodies.at(-1)).toBe("behind");
        expect(position).toEqual(end);
      }),
    );
  });

  it("goes on behind a segment that is gone", async () => {
    const { path, end } = await written();
    rmSync(path);
    expect(readAll(end).bodies).toEqual(["behind"]);
  });
});

describe("a journal whose process is killed", () => {
  /** Appends until it is killed, eight at a time, and writes the id of each entry that was acknowledged. */
  const child = `
    import { randomUUID } from "node:crypto";
    import { openJournal } from ${JSON.stringify(new URL("open-journal.ts", import.meta.url).href)};
    const journal = await openJournal({ directory: process.argv[1], segmentBytes: 20_000 });
    async function appendForever() {
      for (;;) {
        const id = randomUUID();
        const body = Buffer.from(id + " " + "x".repeat(Math.floor(Math.random() * 3000)));
        await journal.append({ signal: "traces", encoding: "protobuf", project: "", receivedAt: 1n, body });
        process.stdout.write(id + "\\n");
      }
    }
    await Promise.all(Array.from({ length: 8 }, appendForever));
  `;

  it("still has everything that was acknowledged", async () => {
    for (let round = 0; round < 3; round++) {
      const acknowledged = await killedAfter(30 + round * 40);
      const journal = await opened();
      const { bodies } = readAll(journal.position);
      await journal.close();
      const kept = new Set(bodies.map((body) => body.split(" ")[0]));
      expect(acknowledged.length).toBeGreaterThan(0);
      expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
    }
  });

  /** Runs the child, kills it after so many acknowledged entries and gives their ids. */
  async function killedAfter(count: number): Promise<string[]> {
    const running = spawn(
      process.execPath,
      ["--conditions=development", "--input-type=module", "-e", child, directory],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    let output = "";
    await new Promise<void>((resolve, reject) => {
      running.on("error", reject);
      running.on("exit", () => resolve());
      running.stdout.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        if (output.split("\n").length > count) running.kill("SIGKILL");
      });
    });
    expect(running.signalCode).toBe("SIGKILL");
    return output.split("\n").slice(0, -1);
  }
});

describe("a journal whose disk takes only so much of a file", () => {
  /** Appends 60 entries of 2 kB and writes for each whether it was acknowledged. */
  const child = `
    import { openJournal } from ${JSON.stringify(new URL("open-journal.ts", import.meta.url).href)};
    const journal = await openJournal({ directory: process.argv[1] });
    for (let index = 0; index < 60; index++) {
      const body = Buffer.alloc(2000, index + " ");
      const outcome = journal.append({ signal: "traces", encoding: "protobuf", project: "", receivedAt: 1n, body });
      console.log(index, await outcome.then(() => "acknowledged", (error) => error.code));
    }
    await journal.close();
  `;

  it("refuses what did not fit, leaves nothing of it behind, and goes on in another file", async () => {
    // A limit of 40 blocks of 512 bytes, and the signal that would end the process ignored.
    const command = 'trap "" XFSZ; ulimit -f 40; exec "$0" --conditions=development --input-type=module -e "$@"';
    const run = promisify(execFile);
    const { stdout } = await run("sh", ["-c", command, process.execPath, child, directory]);
    const lines = stdout.trim().split("\n");
    const acknowledged = lines.filter((line) => line.endsWith(" acknowledged")).map((line) => line.split(" ")[0]);
    expect(lines).toHaveLength(60);
    expect(lines.filter((line) => line.endsWith(" EFBIG")).length).toBeGreaterThan(3);
    expect(acknowledged.length).toBeGreaterThan(40);
    const journal = await opened();
    const { bodies, damaged } = readAll(journal.position);
    expect(bodies.map((body) => body.split(" ")[0])).toEqual(acknowledged);
    expect(damaged.entries).toBe(0);
  });
});

describe("positions", () => {
  it("are ordered by segment, then by offset", () => {
    const position = fc.record({ segment: fc.nat(9), offset: fc.nat(99) });
    fc.assert(
      fc.property(position, position, (a, b) => {
        const expected = Math.sign(a.segment * 100 + a.offset - (b.segment * 100 + b.offset));
        expect(Math.sign(comparePositions(a, b))).toBe(expected);
      }),
    );
  });
});
