import { describe, expect, it } from "vitest";
import { grpcMessage } from "../grpc/grpc-answer.ts";
import { batchIn, documentsIn, searchIn } from "./grpc-messages.ts";

/** A field with a length before it. */
function sized(field: number, ...parts: readonly (Buffer | string)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const key = field * 8 + 2;
  return Buffer.concat([
    key < 128 ? Buffer.of(key) : Buffer.of((key % 128) | 128, key >> 7),
    Buffer.of(body.length),
    body,
  ]);
}

const metadata = (...parts: readonly Buffer[]): Buffer => sized(2, sized(2, sized(1, "a"), ...parts));
const float = (field: number, value: number): Buffer => {
  const bytes = Buffer.alloc(5, field * 8 + 5);
  bytes.writeFloatLE(value, 1);
  return bytes;
};

describe("a reply of Weaviate", () => {
  it.each([
    ["a distance", [float(7, 0.3), Buffer.of(8 * 8, 1)], 0.3, "distance"],
    ["a distance of zero, which is not written", [Buffer.of(8 * 8, 1)], 0, "distance"],
    ["a score", [float(11, 1.25), Buffer.of(12 * 8, 1)], 1.25, "similarity"],
    ["a certainty", [float(9, 0.875), Buffer.of(10 * 8, 1)], 0.875, "similarity"],
    ["a score that nobody asked for", [float(11, 0)], undefined, "similarity"],
  ])("has %s", (_, parts, score, measure) => {
    const found = documentsIn(metadata(...parts));
    expect(found.measure).toBe(measure);
    expect(found.documents).toEqual([{ id: "a", score, content: undefined, metadata: undefined }]);
  });

  it("that lists objects in objects has them to a bounded depth", () => {
    let value = sized(13, "deep");
    for (let depth = 0; depth < 7; depth++) value = sized(4, sized(1, sized(1, "in"), sized(2, value)));
    const properties = sized(11, sized(1, sized(1, "out"), sized(2, value)));
    const [document] = documentsIn(sized(2, sized(1, properties))).documents;
    expect(JSON.stringify([...((document?.metadata ?? new Map()) as Map<string, unknown>)])).toContain("in");
  });
});

describe("what Weaviate is asked", () => {
  it("is a search only where it has one", () => {
    expect(searchIn(sized(1, "Article")).operation).toBeUndefined();
    expect(searchIn(Buffer.concat([sized(1, "Article"), sized(44, sized(1, "id"))]))).toMatchObject({
      operation: "nearObject",
      collection: "Article",
      queryText: undefined,
    });
  });

  it("names a collection only where all objects are of one", () => {
    expect(batchIn(Buffer.concat([sized(1, sized(4, "A")), sized(1, sized(4, "B"))]))).toEqual({
      collection: undefined,
      tenant: undefined,
      count: 2,
    });
  });

  it("is not read where it is cut, compressed or none", () => {
    const whole = Buffer.concat([Buffer.of(0, 0, 0, 0, 3), Buffer.from("abc")]);
    expect(grpcMessage(whole)?.toString()).toBe("abc");
    expect(grpcMessage(whole.subarray(0, 7))).toBeUndefined();
    expect(grpcMessage(Buffer.concat([Buffer.of(1), whole.subarray(1)]))).toBeUndefined();
    expect([grpcMessage(undefined), grpcMessage(Buffer.alloc(0))]).toEqual([undefined, undefined]);
  });
});
