import { expect, it } from "vitest";
import { readExplainState, requestOf, writeExplainState } from "./explain-state.ts";

const NOW = Date.UTC(2026, 10, 20, 23, 59);
const trace = "0123456789abcdef0123456789abcdef";

it("explains today when nobody says what", () => {
  const state = readExplainState("", NOW);
  expect(requestOf(state)).toEqual({ from: Date.UTC(2026, 10, 20), to: Date.UTC(2026, 10, 21) });
});

it("reads what it writes, and leaves out what is none", () => {
  for (const state of [
    { trace, day: "2026-11-20", model: "" },
    { trace: "", day: "2026-02-28", model: "gpt 4&o" },
  ])
    expect(readExplainState(writeExplainState(state), NOW)).toEqual(state);
  expect(readExplainState("?trace=x&day=2026-99-99", NOW)).toEqual({ trace: "", day: "2026-11-20", model: "" });
  expect(requestOf({ trace, day: "2026-11-20", model: "m" })).toEqual({ traceId: trace, model: "m" });
});
