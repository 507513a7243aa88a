import { arrayItems } from "../json/array-items.ts";
import { field, listField, numberField, recordOf, textField } from "../json/read-json.ts";
import { serverSentEvents } from "../json/server-sent-events.ts";
import { type JsonPiece, jsonPieces } from "../json/stream-piece.ts";
import { type Failure, failureIn } from "../reading/failure.ts";
import type { Part } from "../reading/message.ts";
import { contentParts } from "./content-parts.ts";
import { protoField, protoText } from "./proto-field.ts";

/** One of the answers to a request. */
export interface Candidate {
  parts: Part[];
  finishReason: string | undefined;
}

/** An answer, in one piece or put together from its chunks. */
export interface GeneratedAnswer {
  readonly candidates: readonly Candidate[];
  readonly responseId: string | undefined;
  readonly modelVersion: string | undefined;
  readonly usage: unknown;
  /** Why the prompt was not answered at all. */
  readonly blockReason: string | undefined;
  readonly failure: Failure | undefined;
  readonly firstContentAt: number | undefined;
  /** Whether the provider said that this is the end. */
  readonly finished: boolean;
}

/** The chunks of an answer: events of a stream, items of a list, or the answer itself. */
export function* chunksOf(body: string, contentType: string): Generator<JsonPiece> {
  if (contentType.includes("text/event-stream") || body.startsWith("data:")) {
    yield* jsonPieces(serverSentEvents(body));
  } else yield* arrayItems(body);
}

/** Puts an answer together from what came of its chunks; undefined when nothing did. */
export function generatedAnswer(chunks: Iterable<JsonPiece>): GeneratedAnswer | undefined {
  const candidates = new Map<number, Candidate>();
  const told = new Map<string, unknown>();
  let failure: Failure | undefined;
  let firstContentAt: number | undefined;
  let any = false;
  for (const { value, end } of chunks) {
    any ||= recordOf(value) !== undefined;
    failure ??= failureIn(value);
    for (const name of ["responseId", "modelVersion", "usageMetadata"])
      told.set(name, protoField(value, name) ?? told.get(name));
    const blocked = protoText(field(value, "promptFeedback"), "blockReason");
    if (blocked !== undefined) told.set("blockReason", blocked);
    for (const candidate of listField(value, "candidates")) {
      if (addCandidate(candidates, candidate)) firstContentAt ??= end;
    }
  }
  if (!any) return undefined;
  const sorted = [...candidates].toSorted(([first], [second]) => first - second).map(([, candidate]) => candidate);
  const text = (name: string): string | undefined => textField(Object.fromEntries(told), name);
  return {
    candidates: sorted,
    responseId: text("responseId"),
    modelVersion: text("modelVersion"),
    usage: told.get("usageMetadata"),
    blockReason: text("blockReason"),
    failure,
    firstContentAt,
    finished: text("blockReason") !== undefined || sorted.some(({ finishReason }) => finishReason !== undefined),
  };
}

/** Adds a piece of a candidate; true when it held content. */
function addCandidate(candidates: Map<number, Candidate>, piece: unknown): boolean {
  const index = numberField(piece, "index") ?? 0;
  const candidate = candidates.get(index) ?? { parts: [], finishReason: undefined };
  candidates.set(index, candidate);
  candidate.finishReason = protoText(piece, "finishReason") ?? candidate.finishReason;
  const parts = contentParts(field(piece, "content")).filter(
    ({ content }) => content !== "" || candidate.parts.length === 0,
  );
  for (const part of parts) addPart(candidate.parts, part);
  return parts.some(({ type, content }) => type !== "text" || content !== "");
}

/** Text comes in pieces of which each goes on where the last ended. */
function addPart(parts: Part[], part: Part): void {
  const last = parts.at(-1);
  const isText = part.type === "text" || part.type === "reasoning";
  if (!isText || last === undefined || last.type !== part.type) parts.push(part);
  else parts[parts.length - 1] = { ...last, content: `${String(last["content"])}${String(part["content"])}` };
}
