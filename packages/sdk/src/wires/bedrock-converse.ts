import type { AttributeMap } from "../attribute-value.ts";
import {
  BEDROCK_HEADERS,
  bedrockEvents,
  bedrockFailure,
  modelInPath,
  setBedrockAnswer,
  setFirstChunk,
} from "../bedrock/bedrock-call.ts";
import { type ConverseAnswer, converseAnswer, converseOfEvents } from "../bedrock/converse-answer.ts";
import { isRefusal, setConverseAnswer, setConverseRequest } from "../bedrock/describe-converse.ts";
import { parseJson, textField } from "../json/read-json.ts";
import { outcomeOfStream } from "../reading/stream-outcome.ts";
import type { Call, Reading, Wire } from "../wire.ts";

/** Amazon Bedrock's Converse and ConverseStream: one shape for the models of every maker. */
export const bedrockConverse: Wire = {
  name: "bedrock-converse",
  provider: "aws.bedrock",
  headers: () => BEDROCK_HEADERS,
  claims: ({ path }) => (path.endsWith("/converse") || path.endsWith("/converse-stream")) && path.includes("/model/"),
  read(call, { captureContent }): Reading | undefined {
    const request = parseJson(call.requestBody);
    const model = modelInPath(call.request.path) ?? textField(request, "model");
    const streamed = call.request.path.endsWith("-stream");
    const attributes: AttributeMap = new Map([["gen_ai.operation.name", "chat"]]);
    if (model !== undefined) attributes.set("gen_ai.request.model", model);
    if (streamed) attributes.set("gen_ai.request.stream", true);
    setConverseRequest(attributes, request, captureContent);
    setBedrockAnswer(attributes, call);
    const failure = bedrockFailure(call);
    const answer = failure === undefined ? answerOf(call, streamed) : undefined;
    if (answer !== undefined) setConverseAnswer(attributes, answer, { request, captureContent });
    setFirstChunk(attributes, call, answer?.firstContentAt);
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

function answerOf(call: Call, streamed: boolean): ConverseAnswer | undefined {
  if (call.status === undefined) return undefined;
  return streamed ? converseOfEvents(bedrockEvents(call)) : converseAnswer(parseJson(call.responseBody));
}
