import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { join } from "node:path";

/*
 * What the SDK costs for each call of the openai client: beside no instrumentation at all, and
 * beside a bare OpenTelemetry set-up with one hand-made span. No network: the model answers in
 * the same process. Each round runs every variant once, each in a process of its own.
 * Usage: npm run bench -- sdk [rounds, 5]
 */

const rounds = Number(process.argv[2] ?? 5);
const VARIANTS = ["none", "telltale", "otel"] as const;
const CASES = [
  { letters: 200, calls: 4000 },
  { letters: 50_000, calls: 1000 },
];

interface Measured {
  readonly median: number;
  readonly p99: number;
  readonly cpu: number;
  readonly startUpMs: number;
  readonly rss: number;
}

let received = 0;
const sink = createServer((request, response) => {
  request.on("data", (piece: Buffer) => (received += piece.length));
  request.on("end", () => response.end());
});
await new Promise<void>((resolve) => sink.listen(0, "127.0.0.1", resolve));
const address = sink.address();
const endpoint = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;

function measure(variant: string, letters: number, calls: number): Promise<Measured> {
  const program = join(import.meta.dirname, "sdk", "call-program.ts");
  const flags = ["--conditions=development", program, variant, String(letters), String(calls), endpoint];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, flags, { stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    child.stdout.on("data", (piece: Buffer) => (output += piece.toString()));
    child.on("close", () => {
      try {
        resolve(JSON.parse(output) as Measured);
      } catch {
        reject(new Error(`${variant} said: ${output}`));
      }
    });
  });
}

function middle(values: readonly number[]): number {
  return values.toSorted((first, second) => first - second)[Math.floor(values.length / 2)] ?? 0;
}

for (const { letters, calls } of CASES) {
  const results = new Map<string, Measured[]>(VARIANTS.map((variant) => [variant, []]));
  received = 0;
  for (let round = 0; round < rounds; round++) {
    for (const variant of VARIANTS) results.get(variant)?.push(await measure(variant, letters, calls));
  }
  const floor = results.get("none") ?? [];
  console.log(`\nprompt of ${letters} letters, ${calls} calls, median of ${rounds} rounds`);
  console.table(
    VARIANTS.map((variant) => {
      const measured = results.get(variant) ?? [];
      const added = (key: keyof Measured): number =>
        Number(middle(measured.map((each, round) => each[key] - (floor[round]?.[key] ?? 0))).toFixed(1));
      const medianOf = (key: keyof Measured): number => Number(middle(measured.map((each) => each[key])).toFixed(1));
      return {
        variant,
        "median us": medianOf("median"),
        "added median us": added("median"),
        "added p99 us": added("p99"),
        "added CPU us, sending included": added("cpu"),
        "start-up ms": medianOf("startUpMs"),
        "RSS MB": medianOf("rss"),
      };
    }),
  );
}
sink.close();
sink.closeAllConnections();
