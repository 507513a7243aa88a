import { Telltale } from "@telltale/sdk";

/* Makes so many spans with content, in turns, and tells the memory in use after each fifth of them. */
const count = Number(process.env.CALLS);
Telltale.initialize({
  appName: "many",
  maxQueueBytes: 16 * 1024 * 1024,
  ...(process.env.RATIO === undefined ? {} : { sampling: { ratio: Number(process.env.RATIO) } }),
});
const used = [];
for (let index = 1; index <= count; index++) {
  Telltale.withSpan("agent", { kind: "agent", input: "question ".repeat(20) + index }, () => {
    Telltale.withSpan("tool", { kind: "tool", input: { index } }, () => ({ answer: "word ".repeat(100) }));
  });
  if (index % 200 === 0) await new Promise((resolve) => setImmediate(resolve));
  // The loop gives the server no time of its own.
  if (index % 4000 === 0 && process.env.AWAY === undefined) await Telltale.flush(20_000);
  if (index % (count / 5) === 0) {
    globalThis.gc();
    const { heapUsed, external, rss } = process.memoryUsage();
    used.push({ mb: Math.round((heapUsed + external) / 1e5) / 10, rss: Math.round(rss / 1e6) });
  }
}
process.stdout.write(JSON.stringify({ used, counts: Telltale.exportCounts() }));
process.exit(0);
