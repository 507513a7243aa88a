import { isArray, isObject, memberOf, textIn } from "../dialect/json-of.ts";
import type { Journal } from "../journal/journal.ts";
import { Rejections } from "../otlp/rejections.ts";
import { answerApi, type ApiAnswer, type ApiRequest } from "../receive/answer-api.ts";
import { type Intake, processIntake } from "../receive/intake.ts";
import { projectOf } from "../receive/project-header.ts";
import { readJson } from "../receive/read-json.ts";
import { Refusal } from "../receive/refusal.ts";
import type { HttpReceiver } from "../receiver.ts";

const PATH = "/v1/traces/ingest";

/** Where the OpenAI Agents SDK's own exporter sends, when its `endpoint` says so. */
export const openaiAgents: HttpReceiver = createOpenaiAgents(processIntake);

/** Makes a receiver with bounds of its own. */
export function createOpenaiAgents(intake: Intake): HttpReceiver {
  return {
    name: "openai-agents",
    owns: (path) => path === PATH,
    handle: (request, response, journal) =>
      answerApi(intake, request, response, {
        answer: (call) => answer(call, intake, journal),
        refusal: ({ status, message }) => ({
          error: { message, type: status >= 500 ? "server_error" : "invalid_request_error", param: null, code: null },
        }),
      }),
  };
}

async function answer(request: ApiRequest, intake: Intake, journal: Journal): Promise<ApiAnswer> {
  if (request.method !== "POST") throw new Refusal(405, `${request.method} is not allowed here: POST traces`);
  const project = projectOf(request.headers["x-telltale-project"]);
  const sent = memberOf(readJson(await request.body()), "data");
  if (!isArray(sent)) throw new Refusal(400, 'the body is an object with a list "data" of traces and spans');
  const rejections = new Rejections();
  const data = sent.filter((item) => {
    const isTold = isObject(item) && textIn(item, "id") !== undefined;
    if (!isTold) rejections.add('a trace or span is an object with an "id"');
    return isTold;
  });
  if (data.length === 0 && rejections.count > 0) throw new Refusal(400, rejections.reasons.join("; "));
  const counts = { accepted: data.length, rejected: rejections.count };
  await intake.keepTold({ format: "openai-agents", project, body: { data }, ...counts }, journal);
  // OpenAI answers 204; a body is read by nobody, and tells a person what was left out.
  return { status: 200, body: counts };
}
