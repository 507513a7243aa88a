import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { queries } from "../queries/index.ts";
import { type Query, QueryError, type Reader, WrittenAnswer } from "../query.ts";
import { type Api, type ApiContext, refuseOtherMethods } from "./api-route.ts";
import { readJsonFields, requireJson, routeOf } from "./operation.ts";
import { type InputReader, inputReader } from "./read-input.ts";
import { sendAnswer } from "./send-answer.ts";

/** Bytes of a question's body at most, where the query does not say. */
const MAX_BODY_BYTES = 1_000_000;
const EXAMPLE = '{"sql": "SELECT 1"}';

/** One route for every query, under `/api/v1`. */
export function addQueries(app: Api, reader: Reader): void {
  const methods = new Map<string, string[]>();
  for (const query of queries) {
    const path = routeOf(query);
    const input = inputReader(query);
    methods.set(path, [...(methods.get(path) ?? []), query.method]);
    app.on(query.method, path, async (context) => {
      if (query.method === "POST") requireJson(context.req.header("content-type"));
      const output = await query.run(input.read(await fieldsOf(query, input, context)), reader);
      const pieces = output instanceof WrittenAnswer ? output.pieces : [Buffer.from(JSON.stringify(output))];
      await sendAnswer(context.env.incoming, context.env.outgoing, {
        status: 200,
        type: "application/json",
        pieces,
      });
      return RESPONSE_ALREADY_SENT;
    });
  }
  for (const [path, allowed] of methods) refuseOtherMethods(app, path, allowed);
}

async function fieldsOf(query: Query, input: InputReader, context: ApiContext): Promise<Map<string, unknown>> {
  const fields = new Map<string, unknown>();
  if (query.method === "POST")
    for (const [name, value] of await readJsonFields(context.env.incoming, query.mostBytes ?? MAX_BODY_BYTES, EXAMPLE))
      fields.set(name, value);
  for (const [name, value] of new URL(context.req.url).searchParams) {
    if (fields.has(name))
      throw new QueryError(400, "bad-input", `the parameter ${JSON.stringify(name)} comes twice`, "send it once");
    fields.set(name, input.fromText(name, value));
  }
  for (const [name, value] of Object.entries(context.req.param())) fields.set(name, value);
  return fields;
}
