// Written by `npm run prices` from the files of this folder.
import type { PriceBook } from "../price-book.ts";
import anthropic from "./anthropic.json" with { type: "json" };
import arcee from "./arcee.json" with { type: "json" };
import avian from "./avian.json" with { type: "json" };
import aws from "./aws.json" with { type: "json" };
import azure from "./azure.json" with { type: "json" };
import baseten from "./baseten.json" with { type: "json" };
import cerebras from "./cerebras.json" with { type: "json" };
import cloudflare from "./cloudflare.json" with { type: "json" };
import cohere from "./cohere.json" with { type: "json" };
import cursor from "./cursor.json" with { type: "json" };
import deepseek from "./deepseek.json" with { type: "json" };
import doubleword from "./doubleword.json" with { type: "json" };
import fireworks from "./fireworks.json" with { type: "json" };
import githubCopilot from "./github-copilot.json" with { type: "json" };
import google from "./google.json" with { type: "json" };
import groq from "./groq.json" with { type: "json" };
import huggingfaceCerebras from "./huggingface-cerebras.json" with { type: "json" };
import huggingfaceFireworksAi from "./huggingface-fireworks-ai.json" with { type: "json" };
import huggingfaceGroq from "./huggingface-groq.json" with { type: "json" };
import huggingfaceHyperbolic from "./huggingface-hyperbolic.json" with { type: "json" };
import huggingfaceNebius from "./huggingface-nebius.json" with { type: "json" };
import huggingfaceNovita from "./huggingface-novita.json" with { type: "json" };
import huggingfaceNscale from "./huggingface-nscale.json" with { type: "json" };
import huggingfaceOvhcloud from "./huggingface-ovhcloud.json" with { type: "json" };
import huggingfacePublicai from "./huggingface-publicai.json" with { type: "json" };
import huggingfaceSambanova from "./huggingface-sambanova.json" with { type: "json" };
import huggingfaceTogether from "./huggingface-together.json" with { type: "json" };
import jina from "./jina.json" with { type: "json" };
import minimax from "./minimax.json" with { type: "json" };
import mistral from "./mistral.json" with { type: "json" };
import modal from "./modal.json" with { type: "json" };
import moonshotai from "./moonshotai.json" with { type: "json" };
import novita from "./novita.json" with { type: "json" };
import openai from "./openai.json" with { type: "json" };
import openrouter from "./openrouter.json" with { type: "json" };
import ovhcloud from "./ovhcloud.json" with { type: "json" };
import perplexity from "./perplexity.json" with { type: "json" };
import quicksilverpro from "./quicksilverpro.json" with { type: "json" };
import together from "./together.json" with { type: "json" };
import typesafe from "./typesafe.json" with { type: "json" };
import voyageai from "./voyageai.json" with { type: "json" };
import xAi from "./x-ai.json" with { type: "json" };
import zai from "./zai.json" with { type: "json" };
import zhipuai from "./zhipuai.json" with { type: "json" };

// The compiler sees every row of a JSON file as a type of its own; their test checks the shape.
const read: readonly unknown[] = [
  anthropic,
  arcee,
  avian,
  aws,
  azure,
  baseten,
  cerebras,
  cloudflare,
  cohere,
  cursor,
  deepseek,
  doubleword,
  fireworks,
  githubCopilot,
  google,
  groq,
  huggingfaceCerebras,
  huggingfaceFireworksAi,
  huggingfaceGroq,
  huggingfaceHyperbolic,
  huggingfaceNebius,
  huggingfaceNovita,
  huggingfaceNscale,
  huggingfaceOvhcloud,
  huggingfacePublicai,
  huggingfaceSambanova,
  huggingfaceTogether,
  jina,
  minimax,
  mistral,
  modal,
  moonshotai,
  novita,
  openai,
  openrouter,
  ovhcloud,
  perplexity,
  quicksilverpro,
  together,
  typesafe,
  voyageai,
  xAi,
  zai,
  zhipuai,
];

/** The prices of every provider. */
export const prices: readonly PriceBook[] = read as readonly PriceBook[];
