import { lastText, type ChatRequest } from "./chat-request.ts";
import type { Script, ScriptedAnswer } from "./script.ts";

const ORDER = /\bA-\d{4}\b/;

/** Reads a letter and sorts it. Letters with a pasted page of noise make it lose the thread. */
export const triageScript: Script = {
  plays: ({ response_format: format }) => format?.type === "json_schema" && format.json_schema.name === "triage",
  answer(request: ChatRequest): ScriptedAnswer {
    const letter = lastText(request, "user");
    const order = ORDER.exec(letter)?.[0] ?? null;
    const wantsMoney = /refund|money back|rembours|broken|damaged|cracked|cass/i.test(letter);
    const decision = {
      intent: wantsMoney && order !== null ? "refund" : "question",
      order_id: order,
      urgency: /urgent|today|immediately|tout de suite/i.test(letter) ? "high" : "normal",
      language: /\b(bonjour|merci|commande)\b/i.test(letter) ? "fr" : "en",
      summary: summaryOf(letter),
    };
    const json = JSON.stringify(decision);
    const isNoise = letter.includes("=====");
    return { content: isNoise ? json.slice(0, Math.ceil(json.length * 0.7)) : json, reasoningTokens: 192 };
  },
};

function summaryOf(letter: string): string {
  const [first = letter] = letter.split(/(?<=[.?!])\s/);
  return first.length > 120 ? `${first.slice(0, 117)}…` : first;
}
