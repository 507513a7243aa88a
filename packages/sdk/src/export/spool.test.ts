import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import * as nodeFiles from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { OtlpRequest } from "./otlp-request.ts";
import { type Files, Spool } from "./spool.ts";
import { claimName, fileOf, newName, readName, requestOf } from "./spool-file.ts";

let directory: string;

beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), "telltale-spool-")), "deeper", "spool");
});
afterEach(() => rmSync(join(directory, "..", ".."), { recursive: true, force: true }));

function open(more: { maxBytes?: number; files?: Files } = {}): Spool {
  return new Spool({ directory, maxBytes: more.maxBytes ?? 1e9, timeoutMs: 1000 }, more.files);
}

function request(text: string, count = 1): OtlpRequest {
  return { signal: "traces", bytes: [Buffer.from(text.slice(0, 2)), Buffer.from(text.slice(2))], count };
}

async function takeAll(spool: Spool): Promise<string[]> {
  const taken: string[] = [];
  for (let claim = await spool.next(); claim !== undefined; claim = await spool.next()) {
    taken.push(claim.request === undefined ? "(damaged)" : Buffer.concat(claim.request.bytes).toString());
    await claim.remove();
  }
  return taken;
}

describe("the spool", () => {
  it("gives back what it took, oldest first, to whoever asks", async () => {
    const spool = open();
    for (let index = 0; index < 12; index++) expect(await spool.write(request(`request ${index}`, 3))).toBe("kept");
    expect(spool.writeNow(request("at the end"))).toBe(true);
    const expected = [...Array.from({ length: 12 }, (_, index) => `request ${index}`), "at the end"];
    expect(await takeAll(open())).toEqual(expected);
    expect(readdirSync(directory)).toEqual([]);
  });

  it("names what comes in one millisecond in its order", () => {
    const names = Array.from({ length: 500 }, () => newName(1).name);
    expect(names.toSorted()).toEqual(names);
  });

  it("is readable by its owner only", async () => {
    await open().write(request("secret"));
    const [name = ""] = readdirSync(directory);
    expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });

  it("refuses what goes over its bytes, whoever wrote the rest, and takes again when there is room", async () => {
    const first = open({ maxBytes: 300 });
    expect(await first.write(request("x".repeat(150)))).toBe("kept");
    const second = open({ maxBytes: 300 });
    expect(await second.write(request("x".repeat(150)))).toBe("full");
    expect(second.writeNow(request("x".repeat(150)))).toBe(false);
    await takeAll(second);
    expect(await second.write(request("x".repeat(150)))).toBe("kept");
  });

  it("never gives one request to two of several that drain at once", async () => {
    const writer = open();
    for (let index = 0; index < 40; index++) await writer.write(request(`${index}`.padStart(2, "0")));
    const all = await Promise.all([takeAll(open()), takeAll(open()), takeAll(writer)]);
    expect(all.flat().sort()).toEqual(Array.from({ length: 40 }, (_, index) => `${index}`.padStart(2, "0")));
  });

  it("leaves what another process is sending, and takes it when that process is gone or its time ran out", async () => {
    const spool = open();
    await spool.write(request("held"));
    const held = await spool.next();
    expect(await open().next()).toBeUndefined();
    await held?.giveBack();
    expect(await takeAll(open())).toEqual(["held"]);
    const name = "000000000000001-abc.1-1-5.otlp";
    const own = claimName(name, Date.now() + 60_000);
    expect(readName(own)?.claimed).toBe(true);
    expect(readName(own.replace(`.${process.pid}.`, ".4194303."))?.claimed).toBe(false);
    expect(readName(own, Date.now() + 61_000)?.claimed).toBe(false);
  });

  it("tells damage from content, and leaves files alone that are none of its own", async () => {
    const spool = open();
    await spool.write(request("good"));
    await spool.write(request("bad"));
    const [, bad = ""] = readdirSync(directory).sort();
    const bytes = readFileSync(join(directory, bad));
    bytes[bytes.length - 1] = 0;
    writeFileSync(join(directory, bad), bytes);
    writeFileSync(join(directory, "notes.txt"), "mine");
    writeFileSync(join(directory, ".part-000000000000001-abc.1-1-5.otlp"), "half");
    expect(await takeAll(open())).toEqual(["good", "(damaged)"]);
    expect(readdirSync(directory)).toEqual(["notes.txt"]);
  });

  it("says so when the disk takes nothing, and leaves nothing half-written behind", async () => {
    const full = Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
    const promises = {
      ...nodeFiles.promises,
      open: async (...values: Parameters<typeof nodeFiles.promises.open>) => {
        const file = await nodeFiles.promises.open(...values);
        file.writeFile = async () => {
          await file.write(Buffer.from("half"));
          throw full;
        };
        return file;
      },
    };
    const spool = open({ files: { ...nodeFiles, promises } });
    expect(await spool.write(request("lost"))).toBe("failed");
    expect(readdirSync(directory)).toEqual([]);
    const sync = open({
      files: {
        ...nodeFiles,
        writeFileSync: () => {
          throw full;
        },
      },
    });
    expect(sync.writeNow(request("lost"))).toBe(false);
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe("a file of the spool", () => {
  it("is its request or nothing, whichever byte of it is changed or missing", () => {
    const count = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), count, fc.nat(), fc.integer({ min: 1, max: 255 }), (...values) => {
        const [content, spans, place, flip] = values;
        const file = Buffer.concat(fileOf({ signal: "metrics", bytes: [Buffer.from(content)], count: spans }));
        expect(requestOf(file)).toEqual({ signal: "metrics", bytes: [Buffer.from(content)], count: spans });
        expect(requestOf(file.subarray(0, place % file.length))).toBeUndefined();
        file[place % file.length] = (file[place % file.length] ?? 0) ^ flip;
        expect(requestOf(file)).toBeUndefined();
      }),
    );
  });
});
