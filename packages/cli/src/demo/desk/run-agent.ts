import { Telltale } from "@telltale/sdk";
import type { OpenAI } from "openai";
import { callTool, type DeskTools } from "./desk-tools.ts";
import { HANDBOOK } from "./handbook.ts";

/** An agent of the desk. */
export interface Agent {
  readonly name: string;
  readonly description: string;
  readonly instructions: string;
  /** Names of the tools it may use. */
  readonly tools: readonly string[];
  readonly model: string;
  /** Calls of the model after which it has to stop, whatever it still wants. */
  readonly stepLimit: number;
}

/** An agent used up its steps without an answer. */
export class StepLimitError extends Error {
  override readonly name = "StepLimitError";
}

/**
 * Lets an agent work on a letter: the model speaks, its tools run, until it answers without
 * calling one. Throws {@link StepLimitError} when it goes on for too long.
 */
export async function runAgent(client: OpenAI, agent: Agent, tools: DeskTools, letter: string): Promise<string> {
  const { name, description } = agent;
  return Telltale.withAgent(name, { description, input: letter }, async () => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [
      { role: "system", content: `${HANDBOOK}\n\n${agent.instructions}` },
      { role: "user", content: letter },
    ];
    const definitions = agent.tools.flatMap((tool) => tools.get(tool)?.definition ?? []);
    for (let step = 0; step < agent.stepLimit; step++) {
      const { choices } = await client.chat.completions.create({ model: agent.model, messages, tools: definitions });
      const message = choices[0]?.message;
      if (message === undefined) throw new Error("The model gave no answer.");
      messages.push(message);
      const calls = (message.tool_calls ?? []).filter((call) => call.type === "function");
      if (calls.length === 0) return message.content ?? "";
      messages.push(...(await Promise.all(calls.map((call) => callTool(tools, call)))));
    }
    throw new StepLimitError(`${name} stopped after ${agent.stepLimit} steps without an answer.`);
  });
}
