import { describe, expect, it } from "vitest";
import { readEvent } from "./live.ts";
import { readPreferences } from "./preferences.ts";

describe("an event of the live feed", () => {
  it("gives its trace", () => {
    expect(readEvent('{"trace":{"traceId":"ab"}}')).toEqual({ traceId: "ab" });
  });

  it.each(["", "{", "null", "[]", '{"trace":null}', '{"trace":{}}', '{"trace":{"traceId":1}}', 7, undefined])(
    "that is none is passed over: %s",
    (data) => {
      expect(readEvent(data)).toBeUndefined();
    },
  );
});

describe("kept preferences", () => {
  const rule = readPreferences(null);

  it.each(["", "{", "[]", "7", '{"theme":"red","detailsShare":9,"facetsOpen":"no"}'])(
    "that make no sense fall back to the rule: %s",
    (text) => {
      expect(readPreferences(text)).toEqual(rule);
    },
  );

  it("are read one by one", () => {
    expect(readPreferences('{"theme":"dark","detailsShare":0.5}')).toEqual({
      ...rule,
      theme: "dark",
      detailsShare: 0.5,
    });
  });
});
