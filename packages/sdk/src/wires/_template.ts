// TEMPLATE: copy to <name>.ts, name the constant like the file, run npm run lists.
import type { AttributeMap } from "../attribute-value.ts";
import { field, parseJson, recordOf, textField } from "../json/read-json.ts";
import type { Reading, Wire } from "../wire.ts";

/** TEMPLATE: whose API this is, and who else speaks it. */
export const template: Wire = {
  name: "template",
  // TEMPLATE: the path is all that is known when a request leaves; compare strings, nothing more.
  claims: ({ path }) => path.endsWith("/v1/answers"),
  read(call, { captureContent }): Reading | undefined {
    const request = parseJson(call.requestBody);
    // TEMPLATE: undefined when the path is right and the body is somebody else's API.
    if (recordOf(request) !== undefined && field(request, "question") === undefined) return undefined;
    const attributes: AttributeMap = new Map([["gen_ai.operation.name", "chat"]]);
    const model = textField(request, "model");
    if (model !== undefined) attributes.set("gen_ai.request.model", model);
    // TEMPLATE: content only when it is wanted; usage only when it was told.
    const question = textField(request, "question");
    if (captureContent && question !== undefined) {
      const messages = [{ role: "user", parts: [{ type: "text", content: question }] }];
      attributes.set("gen_ai.input.messages", JSON.stringify(messages));
    }
    return { name: model === undefined ? "chat" : `chat ${model}`, kind: "llm", attributes };
  },
};
