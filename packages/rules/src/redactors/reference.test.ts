import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { redactors } from "./index.ts";

const file = join(import.meta.dirname, "../../../../docs/reference/redactors.md");

test("the reference has a row for each redactor, in its own words", () => {
  const rows = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| `"));
  const cell = (text: string): string => text.replaceAll("|", "\\|");
  expect(rows).toEqual(
    redactors.map(
      ({ name, summary, source, standard }) =>
        `| \`${name}\` | ${standard ? "on" : "off"} | ${cell(summary)} | ${cell(source)} |`,
    ),
  );
});
