import { Telltale } from "@telltale/sdk";

/* Calls that are the same in every run with the same SEED: agents, layers that repeat usage, failures, models. */
let state = Number(process.env.SEED);
const random = (below) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
};
const MODELS = ["gpt-4o-mini", "gpt-4o", "gpt-4.1-nano", "made-up-model"];
const ratio = process.env.RATIO;
Telltale.initialize({ appName: "seeded", ...(ratio === undefined ? {} : { sampling: { ratio: Number(ratio) } }) });

let calls = 0;

function call() {
  calls++;
  const input = 1 + random(5000);
  const usage = { "gen_ai.usage.input_tokens": input, "gen_ai.usage.output_tokens": random(900) };
  const about = {
    "telltale.span.kind": "llm",
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.response.model": MODELS[random(MODELS.length)],
  };
  const cached = { "gen_ai.usage.cache_read.input_tokens": random(input) };
  const fails = random(60) === 0;
  const id = `id ${state}`;
  const inner = (from) =>
    Telltale.withSpan("chat", { attributes: { ...about, ...usage, ...cached, ...from } }, (span) => {
      if (fails) span.recordError(new Error("bad"));
    });
  if (random(3) > 0) return inner({ "gen_ai.response.id": id });
  return Telltale.withSpan("layer", { attributes: { ...about, ...usage, ...cached, "gen_ai.response.id": id } }, () =>
    inner({ "gen_ai.response.id": id }),
  );
}

for (let trace = 0; trace < Number(process.env.TRACES); trace++) {
  Telltale.withSpan("run", { kind: "agent" }, () => {
    for (let left = random(5); left > 0; left--) call();
  });
  if (trace % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
}
await Telltale.flush(20_000);
process.stdout.write(JSON.stringify({ ...Telltale.exportCounts(), calls }));
await Telltale.shutdown(5000);
