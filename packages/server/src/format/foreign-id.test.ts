import { expect, it } from "vitest";
import { spanIdOf, traceIdOf } from "./foreign-id.ts";
import { instantOf } from "./foreign-time.ts";

it("takes the bytes of UUIDs and of OpenTelemetry's ids as they are, and hashes anything else", () => {
  expect(traceIdOf("01A20ae6-b2ca-7000-8000-020eea109c42")).toBe("01a20ae6b2ca70008000020eea109c42");
  expect(spanIdOf("01a20ae6-b2ca-7000-8000-020eea109c42")).toBe("8000020eea109c42");
  expect(spanIdOf("00000000-0000-0000-00f0-67aa0ba902b7")).toBe("00f067aa0ba902b7");
  expect(traceIdOf("trace_e49623a297e4403bb0a8b7c642461fd5")).toBe("e49623a297e4403bb0a8b7c642461fd5");
  expect(spanIdOf("00f067aa0ba902b7")).toBe("00f067aa0ba902b7");
  for (const id of ["", "my run", "x".repeat(10_000), "00000000-0000-0000-0000-000000000000", "\ud83d"]) {
    expect(traceIdOf(id)).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
    expect(spanIdOf(id)).toMatch(/^(?!0{16})[0-9a-f]{16}$/);
    expect(spanIdOf(id)).toBe(spanIdOf(id));
  }
  expect(spanIdOf("my run")).not.toBe(spanIdOf("my other run"));
});

it("reads instants as the vendors write them", () => {
  expect(instantOf("2026-11-24T00:13:40.938001Z")).toBe(1795479220938001000n);
  expect(instantOf("2026-11-24T00:13:40.938001")).toBe(1795479220938001000n);
  expect(instantOf("2026-11-24T01:13:40+01:00")).toBe(1795479220000000000n);
  expect(instantOf("2026-11-24 00:13:40,5+0000")).toBe(1795479220500000000n);
  expect(instantOf(1795479221013)).toBe(1795479221013000000n);
  expect(instantOf(1795479221.5)).toBe(1795479221500000000n);
  for (const none of ["", "yesterday", "2026-99-99T00:00:00Z", -1, Number.NaN, null, {}, [], "1".repeat(99)])
    expect(instantOf(none)).toBeUndefined();
});
