// A program in log mode: CALLS calls of a model, one after the other; then it says that it is done.
import { writeSync } from "node:fs";
import { Telltale } from "@telltale/sdk";

Telltale.initialize({ appName: "logging" });

for (let index = 0; index < Number(process.env.CALLS ?? 1); index++) {
  const response = await fetch(`${process.env.OPENAI_BASE_URL}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      model: process.env.MODEL ?? "echo",
      messages: [{ role: "user", content: "a secret".padEnd(Number(process.env.LETTERS ?? 0)) }],
    }),
  });
  await response.text();
}
if (process.env.EXIT === "now") process.exit(0);
await Telltale.flush(500);
writeSync(2, "done");
