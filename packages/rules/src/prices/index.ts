// Written by `npm run prices` from the files of this folder.
import type { PriceBook } from "../price-book.ts";
import anthropic from "./anthropic.json" with { type: "json" };
import aws from "./aws.json" with { type: "json" };
import azure from "./azure.json" with { type: "json" };
import cerebras from "./cerebras.json" with { type: "json" };
import cohere from "./cohere.json" with { type: "json" };
import deepseek from "./deepseek.json" with { type: "json" };
import fireworks from "./fireworks.json" with { type: "json" };
import google from "./google.json" with { type: "json" };
import groq from "./groq.json" with { type: "json" };
import mistral from "./mistral.json" with { type: "json" };
import moonshotai from "./moonshotai.json" with { type: "json" };
import openai from "./openai.json" with { type: "json" };
import openrouter from "./openrouter.json" with { type: "json" };
import perplexity from "./perplexity.json" with { type: "json" };
import together from "./together.json" with { type: "json" };
import voyageai from "./voyageai.json" with { type: "json" };
import xAi from "./x-ai.json" with { type: "json" };

// The compiler sees every row of a JSON file as a type of its own; their test checks the shape.
const read: readonly unknown[] = [
  anthropic,
  aws,
  azure,
  cerebras,
  cohere,
  deepseek,
  fireworks,
  google,
  groq,
  mistral,
  moonshotai,
  openai,
  openrouter,
  perplexity,
  together,
  voyageai,
  xAi,
];

/** The prices of every provider. */
export const prices: readonly PriceBook[] = read as readonly PriceBook[];
