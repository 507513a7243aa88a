import { isRefusal, setAnthropicAnswer, setAnthropicRequest, wholeAnswer } from "../anthropic/describe-message.ts";
import { messageOfEvents, type StreamEvent } from "../anthropic/message-stream.ts";
import type { AttributeMap } from "../attribute-value.ts";
import { field, listField, parseJson, recordOf } from "../json/read-json.ts";
import { copyInteger } from "../reading/attributes.ts";
import type { Failure } from "../reading/failure.ts";
import { setTokenCounts } from "../reading/token-counts.ts";
import type { Call } from "../wire.ts";
import { type BedrockEvent, bedrockEvents, setFirstChunk, unwrappedEvents } from "./bedrock-call.ts";
import { converseAnswer, converseOfEvents } from "./converse-answer.ts";
import { isRefusal as isConverseRefusal, setConverseAnswer, setConverseRequest } from "./describe-converse.ts";
import { messageReason, setTextRequest, textAnswer } from "./text-model.ts";

/** One call of InvokeModel, whose bodies are the model maker's own. */
export interface Invocation {
  readonly attributes: AttributeMap;
  readonly call: Call;
  readonly request: unknown;
  readonly model: string | undefined;
  readonly streamed: boolean;
  readonly captureContent: boolean;
}

/** What came of it. */
export interface Invoked {
  readonly finished: boolean;
  readonly refused: boolean;
  readonly failure?: Failure | undefined;
}

/** Bodies of one maker: what was asked and, where something came back, what was answered. */
export interface Maker {
  setRequest(invocation: Invocation): void;
  setAnswer(invocation: Invocation): Invoked | undefined;
}

/** Whose bodies a call has. */
export function makerOf(request: unknown, model = ""): Maker {
  if (field(request, "anthropic_version") !== undefined) return anthropic;
  if (field(request, "schemaVersion") === "messages-v1") return amazonNova;
  if (model.includes("anthropic.") && listField(request, "messages").length > 0) return anthropic;
  return model.includes("amazon.nova") && listField(request, "messages").length > 0 ? amazonNova : anyText;
}

function eventsOf(call: Call): Iterable<BedrockEvent> {
  return unwrappedEvents(bedrockEvents(call));
}

const anthropic: Maker = {
  setRequest: ({ attributes, request, captureContent }) => setAnthropicRequest(attributes, request, captureContent),
  setAnswer({ attributes, call, request, model, streamed, captureContent }) {
    let failure: Failure | undefined;
    function* events(): Generator<StreamEvent> {
      for (const event of eventsOf(call)) {
        failure ??= event.failure;
        yield event;
      }
    }
    const answer = streamed ? messageOfEvents(events()) : wholeAnswer(parseJson(call.responseBody));
    if (answer === undefined) return undefined;
    const secondsAt = (end: number): number | undefined => {
      const milliseconds = call.millisecondsAtByte(end - 1);
      return milliseconds === undefined ? undefined : milliseconds / 1000;
    };
    setAnthropicAnswer(attributes, answer, { request, secondsAt, model, captureContent });
    return { finished: answer.finished, refused: isRefusal(answer), failure: failure ?? answer.failure };
  },
};

const amazonNova: Maker = {
  setRequest: ({ attributes, request, captureContent }) => setConverseRequest(attributes, request, captureContent),
  setAnswer({ attributes, call, request, streamed, captureContent }) {
    const answer = streamed ? converseOfEvents(namedEvents(call)) : converseAnswer(parseJson(call.responseBody));
    if (answer === undefined) return undefined;
    setConverseAnswer(attributes, answer, { request, captureContent });
    setFirstChunk(attributes, call, answer.firstContentAt);
    return { finished: answer.finished, refused: isConverseRefusal(answer), failure: answer.failure };
  },
};

/** Nova's chunks are the events of Converse, each in an object of its own. */
function* namedEvents(call: Call): Generator<BedrockEvent> {
  for (const event of eventsOf(call)) {
    const [[name, value] = ["", undefined]] = Object.entries(recordOf(event.value) ?? {});
    yield event.name === "chunk" ? { ...event, name, value } : event;
  }
}

const anyText: Maker = {
  setRequest: ({ attributes, request, captureContent }) => setTextRequest(attributes, request, captureContent),
  setAnswer({ attributes, call, streamed, captureContent }) {
    const whole = { name: "", value: parseJsonOf(call, streamed), end: 0 };
    const answer = textAnswer(streamed ? eventsOf(call) : [whole]);
    const { finishReason, parts } = answer;
    setTokenCounts(attributes, { input: answer.inputTokens, output: answer.outputTokens });
    if (answer.id !== undefined) attributes.set("gen_ai.response.id", answer.id);
    if (finishReason !== undefined) attributes.set("gen_ai.response.finish_reasons", [finishReason]);
    const reason = finishReason === undefined ? undefined : messageReason(finishReason);
    if (captureContent && (parts.length > 0 || reason !== undefined)) {
      const told = reason === undefined ? {} : { finish_reason: reason };
      attributes.set("gen_ai.output.messages", JSON.stringify([{ role: "assistant", parts, ...told }]));
    }
    if (streamed) setFirstChunk(attributes, call, answer.firstContentAt);
    return { finished: answer.finished, refused: reason === "content_filter", failure: answer.failure };
  },
};

function parseJsonOf(call: Call, streamed: boolean): unknown {
  return streamed ? undefined : parseJson(call.responseBody);
}

/** Embeddings of Amazon Titan and Nova and of Cohere. Vectors are never sent along. */
export const embedder: Maker = {
  setRequest({ attributes, request, captureContent }) {
    copyInteger(attributes, "gen_ai.embeddings.dimension.count", request, "dimensions");
    copyInteger(attributes, "gen_ai.embeddings.dimension.count", request, "output_dimension");
    const one = field(request, "inputText") ?? field(field(field(request, "singleEmbeddingParams"), "text"), "value");
    const texts = [one, ...listField(request, "texts")].filter((text) => typeof text === "string");
    if (!captureContent || texts.length === 0) return;
    const messages = texts.map((content) => ({ role: "user", parts: [{ type: "text", content }] }));
    attributes.set("gen_ai.input.messages", JSON.stringify(messages));
  },
  setAnswer({ attributes, call }) {
    const answer = parseJson(call.responseBody);
    const { inputTokens: input } = textAnswer([{ name: "", value: answer, end: 0 }]);
    setTokenCounts(attributes, { input });
    const vectors = vectorsIn(answer);
    if (vectors.length > 0) attributes.set("telltale.embeddings.count", vectors.length);
    const [first] = vectors;
    if (Array.isArray(first) && first.length > 0) attributes.set("gen_ai.embeddings.dimension.count", first.length);
    return { finished: true, refused: false };
  },
};

function vectorsIn(answer: unknown): readonly unknown[] {
  const one = field(answer, "embedding");
  if (Array.isArray(one)) return [one];
  const all = field(answer, "embeddings");
  // Cohere tells them by type where several were asked for, Nova as objects.
  const list = Array.isArray(all)
    ? (all as readonly unknown[])
    : Object.values(recordOf(all) ?? {}).find(Array.isArray);
  return Array.isArray(list) ? list.map((vector: unknown) => field(vector, "embedding") ?? vector) : [];
}
