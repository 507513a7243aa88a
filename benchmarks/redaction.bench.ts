import { createRedaction, redactors } from "../packages/rules/src/redaction.ts";
import { measureAccuracy } from "../packages/rules/src/testing/accuracy.ts";
import { prose } from "./load/prose.ts";

/*
 * How fast redaction looks through prose and through JSON, for each redactor and for all of the default together,
 * beside one plain walk over the same texts; how long the worst texts of 50 kB take; and how much is found.
 * CPU time of one core. Usage: npm run bench -- redaction [rounds, 5]
 */

const rounds = Number(process.argv[2] ?? 5);
const TEXTS = 200;
const LENGTH = 4000;
const HOSTILE_LENGTH = 50_000;

const texts = Array.from({ length: TEXTS }, (_, seed) => Buffer.from(prose(seed, LENGTH)).toString());
const json = texts.map((text, index) =>
  JSON.stringify({
    id: `chatcmpl-${index}`,
    created: 1_764_000_000 + index,
    usage: { prompt_tokens: 123 + index, completion_tokens: 45, total_tokens: 168 + index },
    messages: [
      { role: "user", content: text.slice(0, 2000) },
      {
        role: "assistant",
        tool_calls: [{ id: `call_${index}`, arguments: JSON.stringify({ query: text.slice(2000) }) }],
      },
    ],
    scores: [0.125, 0.5, 12, 13],
  }),
);

/** Some systems count the time of a processor in steps of some milliseconds: a sample is longer than many of those. */
const SAMPLE = 100;

/** Milliseconds of a processor that the work takes, on average over a sample. */
function milliseconds(work: () => void): number {
  const began = process.cpuUsage();
  for (let times = 1; ; times++) {
    work();
    const took = process.cpuUsage(began).user / 1000;
    if (took >= SAMPLE) return took / times;
  }
}

/** The best of all rounds: what others do on the machine only takes away. */
function speedOf(list: readonly string[], look: (text: string) => unknown): number {
  const bytes = list.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const took = milliseconds(() => {
      for (const text of list) look(text);
    });
    best = Math.min(best, took);
  }
  return bytes / 1000 / best;
}

let sink = 0;
function walk(text: string): void {
  for (let index = 0; index < text.length; index++) sink ^= text.charCodeAt(index);
}

const variants: readonly (readonly [name: string, look: (text: string) => unknown])[] = [
  ["one plain walk", walk],
  ["all of the default", createRedaction().redact],
  ...redactors.map(
    (redactor) =>
      [redactor.name, createRedaction({ redactors: [redactor], kinds: { [redactor.name]: true } }).redact] as const,
  ),
];
const floor = { prose: speedOf(texts, walk), json: speedOf(json, walk) };
console.table(
  variants.map(([name, look]) => {
    const ofProse = speedOf(texts, look);
    const ofJson = speedOf(json, look);
    return {
      "what looks": name,
      "prose MB/s": Math.round(ofProse),
      "JSON MB/s": Math.round(ofJson),
      "prose, times the walk": Number((floor.prose / ofProse).toFixed(1)),
      "JSON, times the walk": Number((floor.json / ofJson).toFixed(1)),
    };
  }),
);

const everything = createRedaction({ kinds: Object.fromEntries(redactors.map(({ name }) => [name, true])) });
const literals = redactors.flatMap(({ anchors }) => anchors).flatMap((one) => ("literal" in one ? [one.literal] : []));
const pieces = [
  ..."1 |4111 |411111111111 |1.|1.1|a@|::|aa:|415-555-|900-50-|3782 822463 |\\|\\u0040".split("|"),
  '"key":{',
  ...literals.flatMap((one) => ["", "=", ":", " ", "\\", ' = "', "-1"].map((joint) => one + joint)),
];
const texted = Array.from(new Set(pieces), (piece) => ({
  piece,
  text: piece.repeat(Math.ceil(HOSTILE_LENGTH / piece.length)).slice(0, HOSTILE_LENGTH),
}));
/** By the wall, which is enough to know the worst ones, of which the processor's time is taken then. */
function roughly(text: string): number {
  const began = performance.now();
  everything.redact(text);
  return performance.now() - began;
}
for (const { text } of texted) roughly(text);
const worst = texted
  .map(({ piece, text }) => ({ piece, text, rough: Math.min(roughly(text), roughly(text)) }))
  .toSorted((left, right) => right.rough - left.rough)
  .slice(0, 20)
  .map(({ piece, text }) => ({
    "repeated to 50 kB": piece,
    "ms, all redactors": Number(Math.min(...[1, 2].map(() => milliseconds(() => everything.redact(text)))).toFixed(1)),
  }));
console.table(worst.toSorted((a, b) => b["ms, all redactors"] - a["ms, all redactors"]).slice(0, 10));

console.table(
  measureAccuracy(Date.now() % 1_000_000, 20).map(({ kind, recall, precision, secrets }) => ({
    kind,
    recall: Number(recall.toFixed(3)),
    precision: Number(precision.toFixed(3)),
    secrets,
  })),
);
if (sink === Number.MAX_VALUE) console.log(sink);
