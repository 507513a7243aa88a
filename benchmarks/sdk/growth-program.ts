import { createRequire } from "node:module";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type * as sdk from "@telltale/sdk";
import { modelFetch } from "./model-fetch.ts";

/*
 * One process that makes very many calls and looks at its memory in between. Started by sdk.bench.ts with `--expose-gc`
 * and one parameter, a GrowthPlan as JSON; writes a Growth as JSON.
 */

export interface GrowthPlan {
  readonly clientFolder: string;
  /** The folder of Telltale's SDK, built; undefined for the client alone. */
  readonly sdkFolder: string | undefined;
  /** Where spans go; nobody may be there. */
  readonly endpoint: string;
  readonly calls: number;
}

/** MB after everything was collected that nobody holds. */
export interface Growth {
  readonly heap: readonly number[];
  /** Of the whole process. */
  readonly rss: readonly number[];
}

interface ChatClient {
  readonly chat: { readonly completions: { create(request: object): Promise<unknown> } };
}

const LOOKS = 5;

const plan = JSON.parse(process.argv[2] ?? "{}") as GrowthPlan;
globalThis.fetch = modelFetch(0);
if (plan.sdkFolder !== undefined) {
  const file = pathToFileURL(join(plan.sdkFolder, "dist", "index.js")).href;
  const { Telltale } = (await import(file)) as typeof sdk;
  Telltale.initialize({ appName: "bench", endpoint: plan.endpoint, redact: false });
}
const { OpenAI } = createRequire(join(plan.clientFolder, "package.json"))("openai") as {
  OpenAI: new (options: object) => ChatClient;
};
const client = new OpenAI({ apiKey: "k", maxRetries: 0 });

async function look(): Promise<void> {
  for (let pass = 0; pass < 3; pass++) {
    globalThis.gc?.();
    // Finalizers run in turns of their own.
    await turn();
  }
  const { heapUsed, rss } = process.memoryUsage();
  growth.heap.push(Math.round(heapUsed / 1e5) / 10);
  growth.rss.push(Math.round(rss / 1e6));
}

const growth = { heap: [] as number[], rss: [] as number[] };
for (let index = 0; index < plan.calls; index++) {
  const content = `${index} ${"some words of a prompt ".repeat(9)}`;
  await client.chat.completions.create({ model: "gpt-4o", messages: [{ role: "user", content }] });
  if (index % 20 === 19) await turn();
  if ((index + 1) % (plan.calls / LOOKS) === 0) await look();
}
process.stdout.write(JSON.stringify(growth), () => process.exit(0));
