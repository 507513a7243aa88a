// What `../clients/programs/ai.ts` uses of version 4, found from this folder's own packages.
import { createOpenAI } from "@ai-sdk/openai";
import * as ai from "ai";
import { z } from "zod";

export const packages = { ai, createOpenAI, z };
