import { Telltale } from "@telltale/sdk";
import type { OpenAI } from "openai";
import type { KnowledgeBase } from "./knowledge-base.ts";
import { issueRefund, lookUpOrder } from "./orders.ts";

/** A tool of the desk: how the model sees it, and what it does. */
export interface DeskTool {
  readonly definition: OpenAI.ChatCompletionFunctionTool;
  run(input: Readonly<Record<string, unknown>>): unknown;
}

/** Every tool of the desk, by name. */
export type DeskTools = ReadonlyMap<string, DeskTool>;

const ARTICLES_WANTED = 3;

/** Makes the tools. */
export function deskTools(knowledge: KnowledgeBase): DeskTools {
  let tickets = 4100;
  return new Map(
    [
      tool("look_up_order", "Finds an order by its number.", { order_id: "string" }, (input) =>
        lookUpOrder(String(input["order_id"])),
      ),
      tool(
        "issue_refund",
        "Pays a refund to the card that was used.",
        { order_id: "string", amount_usd: "number", reason: "string" },
        (input) => issueRefund(String(input["order_id"]), Number(input["amount_usd"])),
      ),
      tool("open_ticket", "Asks a colleague to act.", { order_id: "string", reason: "string" }, () => `T-${++tickets}`),
      tool("search_knowledge_base", "Searches the help pages.", { query: "string" }, async (input) => {
        const articles = await knowledge.search(String(input["query"]), ARTICLES_WANTED);
        return articles.map(({ content, metadata }) => `[${metadata.title}] ${content}`).join("\n\n");
      }),
    ].map((made) => [made.definition.function.name, made]),
  );
}

function tool(
  name: string,
  description: string,
  fields: Readonly<Record<string, "string" | "number">>,
  run: DeskTool["run"],
): DeskTool {
  const properties = Object.fromEntries(Object.entries(fields).map(([field, type]) => [field, { type }]));
  const parameters = { type: "object", properties, required: Object.keys(fields), additionalProperties: false };
  return { definition: { type: "function", function: { name, description, parameters } }, run };
}

/** Runs a tool for a model and tells the model what came out, errors included: it may know another way. */
export async function callTool(
  tools: DeskTools,
  { id, function: called }: OpenAI.ChatCompletionMessageFunctionToolCall,
): Promise<OpenAI.ChatCompletionToolMessageParam> {
  let content: string;
  try {
    const result = await Telltale.withTool(called.name, { callId: id, input: called.arguments }, async () => {
      const found = tools.get(called.name);
      if (found === undefined) throw new Error(`There is no tool ${called.name}.`);
      const input: unknown = JSON.parse(called.arguments === "" ? "{}" : called.arguments);
      return found.run(Object.fromEntries(Object.entries(input ?? {})));
    });
    content = typeof result === "string" ? result : JSON.stringify(result);
  } catch (error) {
    content = JSON.stringify({ error: error instanceof Error ? error.message : String(error) });
  }
  return { role: "tool", tool_call_id: id, content };
}
