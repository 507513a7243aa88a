import { setAnthropicAnswer, setAnthropicRequest, isRefusal, wholeAnswer } from "../anthropic/describe-message.ts";
import { type AnthropicAnswer, messageEvents, messageOfEvents } from "../anthropic/message-stream.ts";
import type { AttributeMap } from "../attribute-value.ts";
import { field, parseJson, recordOf, textField } from "../json/read-json.ts";
import { serverSentEvents } from "../json/server-sent-events.ts";
import { failureOf } from "../reading/failure.ts";
import { outcomeOfStream } from "../reading/stream-outcome.ts";
import type { Call, Reading, Wire } from "../wire.ts";

/**
 * Anthropic's messages, at Anthropic and on Google's Vertex AI; counting tokens and batches are
 * other paths, and cost nothing or come later. Amazon's Bedrock frames them in its own way.
 */
export const anthropicMessages: Wire = {
  name: "anthropic-messages",
  provider: "anthropic",
  headers: () => ["request-id"],
  claims: ({ path }) =>
    path.endsWith("/v1/messages") || (path.endsWith("awPredict") && path.includes("/publishers/anthropic/models/")),
  read(call, { captureContent }): Reading | undefined {
    const request = parseJson(call.requestBody);
    const model = textField(request, "model") ?? modelInPath(call.request.path);
    if (model === "count-tokens") return undefined;
    // Many an API of somebody's own has a path that ends like this.
    if (recordOf(request) !== undefined && !Array.isArray(field(request, "messages"))) return undefined;
    const attributes: AttributeMap = new Map([["gen_ai.operation.name", "chat"]]);
    if (model !== undefined) attributes.set("gen_ai.request.model", model);
    if (call.request.path.includes("/publishers/")) attributes.set("gen_ai.provider.name", "gcp.vertex_ai");
    setAnthropicRequest(attributes, request, captureContent);
    const id = call.header("request-id");
    if (id !== "") attributes.set("anthropic.request.id", id);
    const failure = failureOf(call);
    const streamed = call.contentType.includes("text/event-stream") || call.responseBody.startsWith("event:");
    const answer = failure === undefined ? answerOf(call, streamed) : undefined;
    if (answer !== undefined) {
      const secondsAt = (place: number): number | undefined => seconds(call.millisecondsAt(place - 1));
      setAnthropicAnswer(attributes, answer, { request, secondsAt, model, captureContent });
    }
    return {
      name: model === undefined ? "chat" : `chat ${model}`,
      kind: "llm",
      attributes,
      failure: failure ?? answer?.failure,
      ...(streamed && answer !== undefined ? outcomeOfStream(call, answer) : {}),
      ...(answer !== undefined && isRefusal(answer) ? { outcome: "refused" } : {}),
    };
  },
};

/** Vertex AI names the model in the path: `…/models/claude-sonnet-4@20250514:rawPredict`. */
function modelInPath(path: string): string | undefined {
  return /\/models\/([^/:]+):\w+$/.exec(path)?.[1];
}

function seconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}

function answerOf(call: Call, streamed: boolean): AnthropicAnswer | undefined {
  return streamed
    ? messageOfEvents(messageEvents(serverSentEvents(call.responseBody)))
    : wholeAnswer(parseJson(call.responseBody));
}
