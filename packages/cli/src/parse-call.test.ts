import { expect, test } from "vitest";
import { type Command, CommandError } from "./command.ts";
import { isOn, parseCall } from "./parse-call.ts";

const command: Command = {
  name: "serve",
  summary: "",
  parameters: "",
  description: "",
  options: {
    port: { type: "string", summary: "", environment: "TELLTALE_PORT", fallback: "4318" },
    data: { type: "string", summary: "", environment: "TELLTALE_DATA" },
    demo: { type: "boolean", summary: "", environment: "TELLTALE_DEMO" },
  },
  examples: [],
  run: async () => 0,
};

const options = (line: string[], environment: Record<string, string> = {}): Record<string, unknown> =>
  Object.fromEntries(parseCall(command, line, environment).options);

test("takes an option from the line, else from the environment, else from its fallback", () => {
  const environment = { TELLTALE_PORT: "5000", TELLTALE_DATA: "/data" };
  expect(options(["--port", "6000"], environment)).toEqual({ port: "6000", data: "/data" });
  expect(options(["--port=6000"])).toEqual({ port: "6000" });
  expect(options([], environment)).toEqual({ port: "5000", data: "/data" });
  expect(options([])).toEqual({ port: "4318" });
  expect(options([], { TELLTALE_PORT: "", TELLTALE_DATA: "" })).toEqual({ port: "4318" });
});

test("a switch is on, off, or not said", () => {
  expect(options(["--demo"])["demo"]).toBe(true);
  expect(options(["--no-demo"])["demo"]).toBe(false);
  expect(options([], { TELLTALE_DEMO: "0" })["demo"]).toBe(false);
  expect(options([], { TELLTALE_DEMO: "1" })["demo"]).toBe(true);
  expect(options(["--demo"], { TELLTALE_DEMO: "0" })["demo"]).toBe(true);
  expect(options([])["demo"]).toBeUndefined();
});

test.each([
  ["0", false],
  ["false", false],
  ["NO", false],
  ["off", false],
  [" ", false],
  ["1", true],
  ["yes", true],
])("%j in the environment is %s", (text, on) => {
  expect(isOn(text)).toBe(on);
});

test("help is asked for by either form, wherever it stands", () => {
  expect(parseCall(command, ["--port", "1", "-h"], {}).help).toBe(true);
  expect(parseCall(command, ["--help"], {}).help).toBe(true);
  expect(parseCall(command, [], {}).help).toBe(false);
});

test.each([
  [["--prot", "1"], "serve has no option --prot.", "Did you mean --port?"],
  [["--zzz"], "serve has no option --zzz.", "telltale serve --help shows what there is."],
  [["-p"], "serve has no option -p.", "Did you mean --port?"],
])("refuses %j and says what is near", (line, message, hint) => {
  expect(() => parseCall(command, line, {})).toThrowError(CommandError);
  expect(() => parseCall(command, line, {})).toThrowError(expect.objectContaining({ message, hint, exitCode: 2 }));
});

test("refuses an option without its value", () => {
  expect(() => parseCall(command, ["--port"], {})).toThrowError(expect.objectContaining({ exitCode: 2 }));
});
