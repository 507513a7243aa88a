import type { OpenAI } from "openai";
import type { DeskModels } from "./desk/support-desk.ts";

/** What the scripted server pretends to be: models with known prices, one of them a thinking one. */
export const SCRIPTED_MODELS: DeskModels = {
  triage: "gpt-5-mini",
  agents: "gpt-4.1",
  writer: "gpt-4o",
  embeddings: "text-embedding-3-small",
};

const OPENAI_MODEL = "gpt-4o-mini";
const EMBEDDING = /embed|bge|minilm/i;

/**
 * The models of a real server: `TELLTALE_DEMO_MODEL` for all that is said and
 * `TELLTALE_DEMO_EMBEDDING_MODEL` for vectors; else small ones of OpenAI, or the first ones that
 * another server has.
 */
export async function chooseModels(client: OpenAI, environment: NodeJS.ProcessEnv): Promise<DeskModels> {
  const asked = environment["TELLTALE_DEMO_MODEL"];
  const askedEmbeddings = environment["TELLTALE_DEMO_EMBEDDING_MODEL"];
  const isOpenai = new URL(client.baseURL).hostname === "api.openai.com";
  const ids = isOpenai || (asked !== undefined && askedEmbeddings !== undefined) ? [] : await modelsOf(client);
  const model = asked ?? ids.find((id) => !EMBEDDING.test(id)) ?? OPENAI_MODEL;
  const embeddings = askedEmbeddings ?? ids.find((id) => EMBEDDING.test(id)) ?? SCRIPTED_MODELS.embeddings;
  return { triage: model, agents: model, writer: model, embeddings };
}

async function modelsOf(client: OpenAI): Promise<readonly string[]> {
  try {
    return (await client.models.list()).data.map(({ id }) => id);
  } catch {
    // Not every server that speaks this API has a list.
    return [];
  }
}
