import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { serverSentEvents } from "./server-sent-events.ts";

describe("serverSentEvents", () => {
  it("knows every end of a line, comments, other fields and data of several lines", () => {
    const text =
      ": hello\r\n\r\nevent: x\rdata: one\r\rdata:two\ndata: three\nid: 4\n\ndatabase: no\n\ndata\n\ndata: cut";
    expect([...serverSentEvents(text)].map(({ data }) => data)).toEqual(["one", "two\nthree", ""]);
  });

  it("gives back what was written, with the place where each event ends", () => {
    const line = fc.string().map((text) => text.replaceAll(/[\r\n]/g, ""));
    fc.assert(
      fc.property(fc.array(line), fc.constantFrom("\n", "\r\n", "\r"), (events, end) => {
        const text = events.map((data) => `data: ${data}${end}${end}`).join("");
        const found = [...serverSentEvents(text)];
        expect(found.map(({ data }) => data)).toEqual(events);
        for (const { data, end: at } of found) expect(text.slice(0, at).endsWith(`data: ${data}${end}`)).toBe(true);
      }),
    );
  });

  it("gives the whole events of a stream that is cut at any byte", () => {
    const line = fc.string({ unit: "grapheme", maxLength: 8 }).map((text) => text.replaceAll(/[\r\n]/g, ""));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 4 }), (all) => {
        const bytes = Buffer.from(all.map((data) => `data: ${data}\n\n`).join(""));
        let found = 0;
        for (let length = 0; length <= bytes.length; length++) {
          const events = [...serverSentEvents(bytes.subarray(0, length).toString("utf8"))].map(({ data }) => data);
          expect(events).toEqual(all.slice(0, events.length));
          expect(events.length).toBeGreaterThanOrEqual(found);
          found = events.length;
        }
        expect(found).toBe(all.length);
      }),
      { numRuns: 50 },
    );
  });
});
