import { expect, test } from "vitest";
import { resultsOf } from "./test-results.mjs";

test("a test that failed is told by its file, its name and the first lines of why", () => {
  const why = "AssertionError: expected 1 to be 2\n\n    at /here/a.test.ts:3:4\n    at b\n    at c\n    at d";
  const report = {
    numPassedTests: 1,
    numFailedTests: 1,
    testResults: [
      {
        name: "/here/packages/a.test.ts",
        status: "failed",
        message: "",
        assertionResults: [
          { status: "passed", fullName: "adds" },
          { status: "failed", fullName: "takes away", failureMessages: [why] },
        ],
      },
    ],
  };
  expect(resultsOf(report, "/here")).toEqual({
    passed: 1,
    failed: 1,
    failures: [
      "packages/a.test.ts > takes away\n    AssertionError: expected 1 to be 2\n    at /here/a.test.ts:3:4\n    at b\n    at c",
    ],
  });
});

test("a file that could not be loaded is told by itself", () => {
  const file = { name: "/here/b.test.ts", status: "failed", message: "Cannot find module 'c'", assertionResults: [] };
  const report = { numPassedTests: 0, numFailedTests: 0, testResults: [file] };
  expect(resultsOf(report, "/here").failures).toEqual(["b.test.ts\n    Cannot find module 'c'"]);
});
