/*
 * One line of JSON for each model call, and no server: OPENAI_API_KEY=… node --conditions=development examples/log-mode.ts
 */
import { Telltale } from "@telltale/sdk";
import { OpenAI } from "openai";

Telltale.initialize({ appName: "log-mode", mode: "log" });

const openai = new OpenAI();
await openai.chat.completions.create({
  model: process.env["MODEL"] ?? "gpt-4o-mini",
  messages: [{ role: "user", content: "Say hello." }],
});
