import { hasTool, lastText, toolResults, type ChatRequest } from "./chat-request.ts";
import type { Script, ScriptedAnswer } from "./script.ts";

const ORDER = /\bA-\d{4}\b/;
const COMMON = new Set(
  "about after again also and are can could does for from have how into is long much need not one our please some that the their them there order yesterday they this through want was were what when where which will with would you your send sent tell know".split(
    " ",
  ),
);

/** Ways to ask the same thing again, for a model that believes the next search will find it. */
const PHRASINGS: readonly ((subject: string) => string)[] = [
  (subject) => subject,
  (subject) => `${subject} details`,
  (subject) => `${subject} policy`,
  (subject) => `information about ${subject}`,
  (subject) => `${subject} documentation`,
  (subject) => `where to find ${subject}`,
];

/**
 * Searches until it finds an article that speaks of what the customer asks for. When there is none
 * it goes on searching with slightly other words, which is how such agents go round in circles.
 */
export const searchScript: Script = {
  plays: (request) => hasTool(request, "search_knowledge_base"),
  answer(request: ChatRequest): ScriptedAnswer {
    const letter = lastText(request, "user");
    const results = toolResults(request);
    const searches = results.filter(({ tool }) => tool === "search_knowledge_base");
    const subject = subjectOf(letter);
    if (results.length === 0) return firstCalls(letter, subject);
    const found = searches.map(({ result }) => articleOn(result, subject)).find((article) => article !== undefined);
    if (found !== undefined) return { content: withOrder(found, results) };
    const phrase = PHRASINGS[searches.length % PHRASINGS.length] ?? PHRASINGS[0];
    return { calls: [{ name: "search_knowledge_base", arguments: { query: phrase?.(subject) ?? subject } }] };
  },
};

function firstCalls(letter: string, subject: string): ScriptedAnswer {
  const orderId = ORDER.exec(letter)?.[0];
  const search = { name: "search_knowledge_base", arguments: { query: subject } };
  const order = { name: "look_up_order", arguments: { order_id: orderId } };
  return { calls: orderId === undefined ? [search] : [order, search] };
}

/** The words of the question that carry meaning, at most four. */
function subjectOf(letter: string): string {
  const question = /[^.!?]*\?/.exec(letter)?.[0] ?? letter;
  const words = question.toLowerCase().match(/\p{L}{4,}/gu) ?? [];
  return [...new Set(words.filter((word) => !COMMON.has(word)))].slice(0, 4).join(" ");
}

/** The first article that holds at least two of the words asked for. */
function articleOn(result: string, subject: string): string | undefined {
  const words = subject.split(" ").map((word) => word.slice(0, 5));
  const needed = Math.min(2, words.length);
  return result.split("\n\n").find((article) => {
    const text = article.toLowerCase();
    return words.filter((word) => text.includes(word)).length >= needed;
  });
}

function withOrder(article: string, results: ReturnType<typeof toolResults>): string {
  const order = results.find(({ tool }) => tool === "look_up_order")?.result;
  return order === undefined ? `From the help pages: ${article}` : `Order: ${order}\nFrom the help pages: ${article}`;
}
