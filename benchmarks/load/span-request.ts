import { randomFillSync } from "node:crypto";
import { prose } from "./prose.ts";
import { Writer } from "./protobuf.ts";

/** Spans of one trace in the load: an agent run of a root and nine calls. */
const SPANS_PER_TRACE = 10;
const MODELS = ["gpt-4o", "gpt-4o-mini", "claude-sonnet-4-5", "gemini-2.5-flash", "o3-mini"];
const USERS = 500;

/** A request body whose ids and times can be set anew for every sending. */
export interface SpanRequest {
  readonly body: Buffer;
  readonly spans: number;
  /** Where the ids stand in the body: per span trace id, span id, parent id (or -1), start, end. */
  readonly places: readonly number[];
}

function attribute(writer: Writer, key: string, value: string | number): void {
  writer.message(9, (pair) => {
    pair.text(1, key).message(2, (any) => {
      if (typeof value === "string") any.text(1, value);
      else if (Number.isInteger(value)) any.uint(3, value);
      else any.double(4, value);
    });
  });
}

function list(writer: Writer, key: string, texts: readonly string[]): void {
  writer.message(9, (pair) => {
    pair.text(1, key).message(2, (any) =>
      any.message(5, (array) => {
        for (const text of texts) array.message(1, (value) => value.text(1, text));
      }),
    );
  });
}

function writeAttributes(writer: Writer, seed: number, characters: number): void {
  const model = MODELS[seed % MODELS.length]!;
  const half = characters / 2;
  const message = (role: string, text: string): string =>
    JSON.stringify([{ role, parts: [{ type: "text", content: text }] }]);
  const answer = [
    { role: "assistant", parts: [{ type: "text", content: prose(seed + 1, half) }], finish_reason: "stop" },
  ];
  const pairs: [string, string | number][] = [
    ["gen_ai.operation.name", "chat"],
    ["gen_ai.provider.name", "openai"],
    ["gen_ai.request.model", model],
    ["gen_ai.response.model", model],
    ["gen_ai.response.id", `chatcmpl-${seed}-${Math.random().toString(36).slice(2)}`],
    ["gen_ai.request.temperature", 0.7],
    ["gen_ai.request.max_tokens", 1024],
    ["gen_ai.request.top_p", 0.95],
    ["gen_ai.usage.input_tokens", 300 + (seed % 700)],
    ["gen_ai.usage.output_tokens", 100 + (seed % 300)],
    ["gen_ai.usage.cache_read.input_tokens", seed % 200],
    ["gen_ai.conversation.id", `session-${seed % 2000}`],
    ["gen_ai.agent.name", `agent-${seed % 7}`],
    ["user.id", `user-${seed % USERS}`],
    ["server.address", "api.openai.com"],
    ["server.port", 443],
    ["app.feature", `feature-${seed % 12}`],
    ["app.version", "1.42.0"],
    ["app.tenant", `tenant-${seed % 40}`],
    ["app.request_id", `req-${Math.random().toString(36).slice(2)}`],
    ["app.score", (seed % 100) / 100],
    ["app.attempt", seed % 3],
    ["gen_ai.input.messages", message("user", prose(seed, half))],
    ["gen_ai.output.messages", JSON.stringify(answer)],
  ];
  for (const [key, value] of pairs) attribute(writer, key, value);
}

/** A request of so many spans with so many characters of messages each. Ids and times are blank. */
export function makeSpanRequest(spans: number, characters: number, seed: number): SpanRequest {
  const marker = Buffer.from(`id${seed}`.padEnd(16, "~"));
  const places: number[] = [];
  const root = new Writer();
  root.message(1, (resourceSpans) => {
    resourceSpans.message(1, (resource) => {
      resource.message(1, (pair) => pair.text(1, "service.name").message(2, (any) => any.text(1, "load")));
    });
    resourceSpans.message(2, (scopeSpans) => {
      scopeSpans.message(1, (scope) => scope.text(1, "load-generator").text(2, "1.0.0"));
      for (let index = 0; index < spans; index++)
        scopeSpans.message(2, (span) => {
          const isRoot = index % SPANS_PER_TRACE === 0;
          span.bytes(1, marker).bytes(2, Buffer.alloc(8, 1));
          if (!isRoot) span.bytes(4, Buffer.alloc(8, 1));
          span
            .text(5, isRoot ? "agent run" : "chat gpt-4o")
            .uint(6, 3)
            .fixed64(7, 1n)
            .fixed64(8, 2n);
          writeAttributes(span, seed * 1009 + index, characters);
          if (isRoot) list(span, "telltale.tags", [`tag-${(seed + index) % 30}`, `team-${(seed + index) % 8}`]);
        });
    });
  });
  const body = root.finish();
  for (let at = body.indexOf(marker); at >= 0; at = body.indexOf(marker, at + 16)) places.push(at);
  return { body, spans, places };
}

/** Span ids are numbered, so that a ledger can say which arrived: 3 bytes of run, 5 of number. */
export function stamp(request: SpanRequest, runId: number, firstNumber: number, now: bigint): void {
  const { body, places } = request;
  let traceAt = -1;
  let rootNumber = 0;
  for (let index = 0; index < places.length; index++) {
    const at = places[index]!;
    const isRoot = index % SPANS_PER_TRACE === 0;
    if (isRoot) {
      randomFillSync(body, at, 16);
      traceAt = at;
      rootNumber = firstNumber + index;
    } else body.copy(body, at, traceAt, traceAt + 16);
    writeSpanId(body, at + 18, runId, firstNumber + index);
    let after = at + 26;
    if (!isRoot) {
      writeSpanId(body, after + 2, runId, rootNumber);
      after += 10;
    }
    const nameLength = body[after + 1]!;
    const startAt = after + 2 + nameLength + 2 + 1;
    body.writeBigUInt64LE(now + BigInt(index) * 1000n, startAt);
    body.writeBigUInt64LE(now + BigInt(index) * 1000n + 800_000_000n, startAt + 9);
  }
}

function writeSpanId(body: Buffer, at: number, runId: number, number: number): void {
  body.writeUIntBE(runId, at, 3);
  body.writeUIntBE(number, at + 3, 5);
}

/** The span id of a number, as the server tells it. */
export function spanIdOf(runId: number, number: number): string {
  return runId.toString(16).padStart(6, "0") + number.toString(16).padStart(10, "0");
}
