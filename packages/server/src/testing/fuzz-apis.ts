import { mkdtempSync, rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { decodeEntry, emptyBatch } from "../engine/decode-batch.ts";
import type { Journal, JournalEntry } from "../journal/journal.ts";
import { pipeline } from "../pipeline.ts";
import { Intake } from "../receive/intake.ts";
import type { HttpReceiver } from "../receiver.ts";
import { createLangfuse } from "../receivers/langfuse.ts";
import { createLangsmith } from "../receivers/langsmith.ts";
import { createOpenaiAgents } from "../receivers/openai-agents.ts";
import { Metrics } from "../telemetry/metrics.ts";
import { type FuzzFigures, inputOf, note, prototypeGuard } from "./fuzz.ts";
import { emptyReader } from "./empty-reader.ts";

/** A request to a vendor's API to begin with; its body is not compressed. */
export interface ApiSeed {
  readonly method: string;
  readonly path: string;
  readonly type: string;
  readonly body: Buffer;
}

const steps = pipeline();

/** Receivers with a journal that keeps nothing, and what they kept last. */
class Bench {
  readonly #receivers: readonly HttpReceiver[];
  readonly #directory = mkdtempSync(join(tmpdir(), "telltale-fuzz-"));
  #kept: JournalEntry | undefined;
  readonly #journal: Journal = {
    append: (entry) => {
      this.#kept = entry;
      return Promise.resolve({ segment: 1, offset: 1 });
    },
  };

  constructor() {
    const intake = new Intake({ metrics: new Metrics() });
    this.#receivers = [createLangsmith(intake), createLangfuse(intake), createOpenaiAgents(intake)];
  }

  /** The status of the answer to a request, and the number of spans that were made of it. */
  async send({ method, path, type }: ApiSeed, body: Buffer): Promise<{ status: number; spans: number }> {
    const headers = { "content-type": type, "content-length": String(body.length), authorization: "Basic cGs6c2s=" };
    const request = Object.assign(Readable.from([body]), { method, url: path, headers, complete: true });
    let status = 0;
    const answer = {
      setHeader: () => answer,
      writeHead: (code: number) => ((status = code), answer),
      end: () => answer,
    };
    this.#kept = undefined;
    const [asked, answered] = [request as unknown as IncomingMessage, answer as unknown as ServerResponse];
    const receiver = this.#receivers.find(({ owns }) => owns(path.split("?")[0] ?? ""));
    await receiver?.handle(asked, answered, this.#journal, this.#directory, emptyReader);
    const batch = emptyBatch();
    if (this.#kept) decodeEntry(this.#kept, steps, batch);
    if (batch.undecodable > 0) throw new Error("what was kept cannot be decoded");
    return { status, spans: batch.spans.length };
  }

  close(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/**
 * Sends `count` mutated requests through the receivers of vendors' APIs, and what these keep through formats and dialects.
 * Throws where a receiver fails by a fault of its own (it then answers 503), where what it kept cannot be decoded, and
 * where `Object.prototype` was touched. Input `n` of a seed is always the same.
 */
export async function fuzzApis(seeds: readonly ApiSeed[], count: number, seed: number): Promise<FuzzFigures> {
  const figures: FuzzFigures = { inputs: 0, refused: 0, spans: 0, slowestMs: 0, slowest: 0 };
  const bench = new Bench();
  const guard = prototypeGuard();
  for (let number = 0; number < count; number++) {
    const input = inputOf(seeds, seed, number);
    if (!input) break;
    const name = `input ${number} of seed ${seed} (${input.from.path})`;
    const began = performance.now();
    const { status, spans } = await bench.send(input.from, input.body).catch((error: unknown) => {
      throw new Error(name, { cause: error });
    });
    if (status >= 500 || status === 0) throw new Error(`${name} is answered with ${status}`);
    if (status >= 400) figures.refused++;
    figures.spans += spans;
    note(figures, number, performance.now() - began);
    if (guard()) throw new Error(`${name} changed Object.prototype`);
  }
  bench.close();
  return figures;
}

/** As `timeOf`: milliseconds of one input, the shortest of three. */
export async function timeOfApi(seeds: readonly ApiSeed[], seed: number, number: number): Promise<number> {
  const input = inputOf(seeds, seed, number);
  const bench = new Bench();
  let shortest = Infinity;
  for (let times = 0; input && times < 3; times++) {
    const began = performance.now();
    await bench.send(input.from, input.body);
    shortest = Math.min(shortest, performance.now() - began);
  }
  bench.close();
  return shortest;
}
