import { describe, expect, it } from "vitest";
import { writeCsv } from "./csv.ts";

describe("CSV", () => {
  it("quotes what needs it", () => {
    expect(
      writeCsv(
        ["a", "b"],
        [
          ['say "hi"', "x,y"],
          ["line\nbreak", null],
        ],
      ),
    ).toBe('a,b\r\n"say ""hi""","x,y"\r\n"line\nbreak",\r\n');
  });

  it.each(["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", '=HYPERLINK("http://evil")'])(
    "makes a formula a text: %s",
    (text) => {
      const line = writeCsv([], [[text]]).split("\r\n")[1] ?? "";
      expect(line.replace(/^"/, "")).toMatch(/^'/);
    },
  );

  it("keeps numbers numbers, negative ones and exact decimals as well", () => {
    expect(writeCsv([], [[-5, "-0.000037500", 1.5, true, "12"]])).toContain("-5,-0.000037500,1.5,true,12");
  });

  it("writes what is not flat as JSON", () => {
    expect(writeCsv([], [[["a", 1]]])).toContain('"[""a"",1]"');
  });

  it("guards the names of columns too", () => {
    expect(writeCsv(["=evil()"], [])).toBe("'=evil()\r\n");
  });
});
