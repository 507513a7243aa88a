import { execFile } from "node:child_process";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type FakeOpenai, startFakeOpenai } from "./testing/fake-openai.ts";
import { type SpanSink, startSpanSink } from "./testing/span-sink.ts";

let model: FakeOpenai;
let first: SpanSink;
let second: SpanSink;

beforeAll(async () => {
  [model, first, second] = await Promise.all([startFakeOpenai(), startSpanSink(), startSpanSink()]);
});
afterAll(() => Promise.all([model.stop(), first.stop(), second.stop()]));

const CALL = `
const call = () => fetch(process.env.OPENAI_BASE_URL + "/chat/completions", {
  method: "POST",
  body: JSON.stringify({ model: "echo", messages: [{ role: "user", content: "hi" }] }),
}).then((answer) => answer.json());
`;

function run(text: string): Promise<string> {
  first.clear();
  second.clear();
  const flags = ["--conditions=development", "--import", "@telltale/sdk/register", "--input-type=module", "--eval"];
  const env = {
    PATH: process.env["PATH"],
    OPENAI_BASE_URL: model.baseUrl,
    TELLTALE_ENDPOINT: first.endpoint,
    SECOND: second.endpoint,
  };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [...flags, CALL + text], { cwd: import.meta.dirname, env }, (error, _, stderr) => {
      if (error === null) resolve(stderr);
      else reject(error);
    });
  });
}

it("takes the options that a program gives after it was registered, from the next call on", async () => {
  const text = `
    import { Telltale } from "@telltale/sdk";
    await call();
    Telltale.initialize({ endpoint: process.env.SECOND, appName: "mine", captureContent: false });
    await Telltale.withSpan("step", call);
    await Telltale.flush();
  `;
  expect(await run(text)).toBe("");
  expect(first.spans.map(({ name }) => name)).toEqual(["chat echo"]);
  expect(second.spans.map(({ name }) => name).toSorted()).toEqual(["chat echo", "step"]);
  for (const span of second.spans) {
    expect(span.resource["service.name"]).toBe("mine");
    expect(span.attributes).not.toHaveProperty("gen_ai.input.messages");
  }
});

it("is over where the program switches everything off", async () => {
  expect(await run(`(await import("@telltale/sdk")).initialize({ disabled: true }); await call();`)).toBe("");
  expect([...first.spans, ...second.spans]).toEqual([]);
});

it("says once which options of a second initialize nobody takes", async () => {
  const text = `
    import { Telltale } from "@telltale/sdk";
    Telltale.initialize({ appName: "mine" });
    Telltale.initialize({ endpoint: "http://127.0.0.1:1", appName: "other" });
    Telltale.initialize();
    await call();
    await Telltale.flush();
  `;
  expect(await run(text)).toMatch(/^\[telltale\] initialize was called before: endpoint, appName is ignored\..*\n$/);
  expect(first.spans.map(({ resource }) => resource["service.name"])).toEqual(["mine"]);
});
