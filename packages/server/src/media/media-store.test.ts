import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findMedia, MAX_MEDIA_BYTES, mediaIdOf, MediaStore } from "./media-store.ts";

let directory: string;

beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "telltale-media-"))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const PNG = Buffer.from("89504e470d0a1a0a", "hex");

function factsOf(content: Uint8Array, type = "image/png") {
  return { type, bytes: content.byteLength, sha256: createHash("sha256").update(content).digest("base64") };
}

function keep(store: MediaStore, content: Uint8Array): string {
  const facts = factsOf(content);
  expect(store.announce(facts)).toBe(true);
  const id = mediaIdOf(facts.sha256);
  expect(store.keep(id, content)).toBeUndefined();
  return id;
}

describe("a file", () => {
  it("is kept under its hash once it is announced, and is asked for once", () => {
    const store = new MediaStore(directory);
    const id = keep(store, PNG);
    expect(findMedia(directory, id)).toMatchObject({ type: "image/png", bytes: 8 });
    expect(new MediaStore(directory).announce(factsOf(PNG))).toBe(false);
    expect(store.keep(id, PNG)).toBe("not announced");
  });

  it("is refused where it is not what was announced, or of a kind or a size nobody keeps", () => {
    const store = new MediaStore(directory);
    const facts = factsOf(PNG);
    const id = mediaIdOf(facts.sha256);
    expect(store.keep(id, PNG)).toBe("not announced");
    store.announce(facts);
    expect(store.keep(id, Buffer.from("89504e470d0a1a0b", "hex"))).toBe("not what was announced");
    expect(store.keep(id, PNG.subarray(0, 7))).toBe("not what was announced");
    expect(findMedia(directory, id)).toBeUndefined();
    for (const type of ["text/javascript", "application/xhtml+xml", "", "image/png; a=b"])
      expect(store.announce({ ...facts, type })).toBe(false);
    for (const bytes of [0, -1, MAX_MEDIA_BYTES + 1, NaN]) expect(store.announce({ ...facts, bytes })).toBe(false);
  });

  it("never lies outside of the folder, whatever its id", () => {
    const store = new MediaStore(directory);
    for (const sha256 of ["../../../../../etc/passwd__", "..", "", "a".repeat(10_000) + "/", "AAAAAAAAAAAAAAAAAAAAA\0"])
      store.announce({ type: "image/png", bytes: 8, sha256 });
    for (const id of ["../../../../etc/passwd", "..", "", "AAAAAAAAAAAAAAAAAAAAA\0", "AAAAAAAAAAAAAAAAAAAAA/"])
      expect([store.keep(id, PNG), findMedia(directory, id)]).toEqual(["not announced", undefined]);
  });
});

it("the oldest go when all together are too large, also after a restart", () => {
  const first = new MediaStore(directory, 250);
  const ids = [1, 2].map((number) => keep(first, Buffer.alloc(100, number)));
  const second = new MediaStore(directory, 250);
  const last = keep(second, Buffer.alloc(100, 3));
  expect([...ids, last].map((id) => findMedia(directory, id) !== undefined)).toEqual([false, true, true]);
  expect(readdirSync(join(directory, "media"))).toHaveLength(4);
});

it("announcements that nothing follows are forgotten", () => {
  const store = new MediaStore(directory);
  store.announce(factsOf(PNG));
  for (let number = 0; number < 1000; number++) store.announce(factsOf(Buffer.from(String(number))));
  expect(store.keep(mediaIdOf(factsOf(PNG).sha256), PNG)).toBe("not announced");
});
