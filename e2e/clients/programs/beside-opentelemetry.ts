/*
 * A program that has an OpenTelemetry set-up of its own (SETUP: node-sdk, sentry or dd-trace) and Telltale
 * beside it (TELLTALE: none, isolated, joined or processor). Prints what its own set-up saw.
 */
import { trace } from "@opentelemetry/api";
import type { Telltale as Sdk } from "@telltale/sdk";
import { startSetUp } from "./opentelemetry/set-up.ts";

const how = process.env["TELLTALE_BESIDE"] ?? "none";
const { Telltale } = (await import("@telltale/sdk")) as { Telltale: typeof Sdk };
const setUp = await startSetUp(
  process.env["SETUP"] ?? "node-sdk",
  how === "processor" ? Telltale.spanProcessor() : undefined,
);
const registered = trace.getTracerProvider();
if (how !== "none") Telltale.initialize({ join: how === "joined" });
if (trace.getTracerProvider() !== registered) throw new Error("The global provider is another one.");

async function askModel(): Promise<void> {
  const response = await fetch(`${process.env["SERVER_URL"]}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "gpt", messages: [{ role: "user", content: "hi" }] }),
  });
  await response.json();
}

// Below a span of the set-up.
await setUp.inSpan("request", () =>
  Telltale.withWorkflow("answer", async () => {
    await setUp.inSpan("database", async () => {
      await Telltale.withTask("inside", askModel);
    });
    await Telltale.withTask("after", async () => {});
  }),
);
// With nothing of the set-up around it.
await Telltale.withWorkflow("alone", () => setUp.inSpan("query", async () => {}));

await Telltale.flush();
console.log(JSON.stringify(await setUp.seen()));
await Telltale.shutdown();
await setUp.stop();
