import type { AttributeValue, Span } from "@telltale/model";
import { describe, expect, it } from "vitest";
import { type RecordParts, spanRecord } from "../testing/span-record.ts";
import { translate } from "../translate.ts";
import { group } from "./group.ts";

function grouped(attributes: Readonly<Record<string, AttributeValue>>, parts?: RecordParts): Span {
  return group.create()(translate(spanRecord(attributes, parts), [], { project: "", receivedAt: 0n }));
}

describe("group", () => {
  it("takes the session and the user from baggage on the span", () => {
    expect(grouped({ "baggage.session.id": "s", userId: 7 })).toMatchObject({ sessionId: "s", userId: "7" });
  });

  it("takes them from the resource when the span tells none", () => {
    const resource = { "session.id": "s", "enduser.id": "u" };
    expect(grouped({}, { resource })).toMatchObject({ sessionId: "s", userId: "u" });
    expect(grouped({ "session.id": "own" }, { resource })).toMatchObject({ sessionId: "own", userId: "u" });
  });

  it("leaves a span as it is that tells both or none", () => {
    const span = translate(spanRecord({}), [], { project: "", receivedAt: 0n });
    expect(group.create()(span)).toBe(span);
  });
});
