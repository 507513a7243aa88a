import type { Scenario } from "./scenarios.ts";
import { trace } from "./trace.ts";

/** A client of one model's API, as far as the scenarios that are the same for all need it. */
export interface ModelClient {
  /** Asks the model and answers with what it says. */
  say(text: string): Promise<unknown>;
  /** Runs a turn in which the model calls a tool. */
  useTools(): Promise<unknown>;
  /** The vector of a text; absent where the API makes none: then the search is by words. */
  embed?(text: string): Promise<readonly number[] | undefined>;
}

const DOCUMENTS = ["Parcels arrive within three days.", "Grüße aus 東京 🗼"];

/** How the spans of `commonScenarios` stand below their scenario. */
export function commonTrees(
  say: string,
  tools: readonly string[],
  embed?: string,
): readonly (readonly [scenario: string, below: readonly string[]])[] {
  return [
    ["rag", ["retrieval docs", ...(embed === undefined ? [] : [`  ${embed}`]), say]],
    [
      "multi-agent",
      [
        "invoke_agent planner",
        `  ${say}`,
        ...["north", "south"].flatMap((name) => [`invoke_agent ${name}`, ...tools.map((line) => `  ${line}`)]),
      ],
    ],
  ];
}

/** A question that is answered out of documents, and agents of which two are at work at once. */
export function commonScenarios({ say, useTools, embed }: ModelClient): Readonly<Record<string, Scenario>> {
  return {
    rag: async (print) => {
      const query = "When does it arrive?";
      const found = await trace.withRetrieval("docs", { query, topK: 2 }, async () => {
        const vector = await embed?.(query);
        return DOCUMENTS.map((content, index) => ({ id: `d${index}`, score: 0.9 - index * 0.4, content, vector }));
      });
      print(await say(`${found.map(({ content }) => content).join("\n")}\n\n${query}`));
    },
    "multi-agent": async (print) => {
      const plan = await trace.withAgent("planner", () => say("Plan it."));
      const north = trace.withAgent("north", useTools);
      // Begun a moment apart, so that the order of what they do is the same in each run.
      await new Promise((resolve) => setTimeout(resolve, 1));
      print(plan, await Promise.all([north, trace.withAgent("south", useTools)]));
    },
  };
}
