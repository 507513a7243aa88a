import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { CheckedFile } from "./checked-file.ts";

const directory = mkdtempSync(join(tmpdir(), "telltale-checked-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function fileOfNumbers(name: string): CheckedFile<number> {
  return new CheckedFile<number>(join(directory, name), (told) =>
    typeof told === "number" ? { content: told } : { problems: [{ where: "the file", problem: "is no number" }] },
  );
}

it("is written whole into a folder that need not be there, read by another, and taken away", () => {
  const file = fileOfNumbers("deep/down/one.json");
  expect(file.state()).toEqual({ file: null, content: undefined, problems: [] });
  expect(file.write(7)).toEqual([]);
  expect(readdirSync(join(directory, "deep/down"))).toEqual(["one.json"]);
  expect(fileOfNumbers("deep/down/one.json").state()).toEqual({ file: 7, content: 7, problems: [] });
  expect(file.state().content).toBe(7);
  file.remove();
  file.remove();
  expect(existsSync(file.path)).toBe(false);
  expect(file.state()).toEqual({ file: null, content: undefined, problems: [] });
});

it("keeps what held when the file is wrong, and says what is wrong", () => {
  const file = fileOfNumbers("two.json");
  expect(file.write("x")).toEqual([{ where: "the file", problem: "is no number" }]);
  expect(existsSync(file.path)).toBe(false);
  file.write(1);
  expect(file.state().content).toBe(1);
  writeFileSync(file.path, '"twelve"');
  expect(file.state()).toEqual({
    file: "twelve",
    content: 1,
    problems: [{ where: "the file", problem: "is no number" }],
  });
  writeFileSync(file.path, "{ no JSON");
  expect(file.state()).toMatchObject({
    file: null,
    content: 1,
    problems: [{ problem: expect.stringMatching(/JSON/) }],
  });
  writeFileSync(file.path, `${" ".repeat(5_000_001)}2`);
  expect(file.state().problems).toEqual([{ where: "the file", problem: "is larger than 5000000 bytes" }]);
  expect(file.write(3)).toEqual([]);
  expect(readFileSync(file.path, "utf8")).toBe("3\n");
  expect(file.state()).toEqual({ file: 3, content: 3, problems: [] });
});
