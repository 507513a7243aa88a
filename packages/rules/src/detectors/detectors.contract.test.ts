import type { Span } from "@telltale/model";
import { findingSchema, parseSpanId, parseTraceId } from "@telltale/model";
import { describe, expect, test } from "vitest";
import { detectors } from "./index.ts";

const bare: Span = {
  traceId: parseTraceId("0af7651916cd43dd8448eb211c80319c")!,
  spanId: parseSpanId("b7ad6b7169203331")!,
  project: "",
  serviceName: "",
  name: "",
  kind: "span",
  startTime: 0n,
  status: "unset",
  usage: [],
  tags: [],
  attributes: new Map(),
  resource: new Map(),
  scopeName: "",
  scopeVersion: "",
  events: [],
  links: [],
  dialect: "test/1",
};

const KINDS = ["span", "llm", "tool", "agent", "retrieval", "mcp"] as const;

function freeze(span: Span): Span {
  for (const value of Object.values(span)) if (typeof value === "object") Object.freeze(value);
  return Object.freeze(span);
}

describe.each(detectors.map((detector) => [detector.name, detector] as const))("%s", (name, detector) => {
  test("says what it is", () => {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(detector.summary).not.toMatch(/\.$/);
  });

  test("takes spans that tell next to nothing, and changes none", () => {
    const watch = detector.create();
    for (const kind of KINDS) expect(watch.see(freeze({ ...bare, kind }))).toBeUndefined();
  });

  test("tells valid findings in its own name", () => {
    const watch = detector.create();
    const spans = Array.from({ length: 10 }, () =>
      freeze({ ...bare, kind: "tool", input: { type: "text", text: "again" } }),
    );
    for (const span of spans) {
      const finding = watch.see(span);
      if (!finding) continue;
      expect(findingSchema.parse(finding)).toEqual(finding);
      expect(finding.detector).toBe(name);
    }
  });

  test("keeps one trace from another", () => {
    const [one, other] = [detector.create(), detector.create()];
    const span = freeze({ ...bare, kind: "tool", input: { type: "text", text: "again" } });
    for (let count = 0; count < 10; count++) one.see(span);
    expect(other.see(span)).toBeUndefined();
  });
});
