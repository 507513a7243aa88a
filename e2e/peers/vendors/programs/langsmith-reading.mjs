/* A program that reads back what it traced, by LangSmith's client. Writes what it read as JSON. */
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "langsmith";
import { traceable } from "langsmith/traceable";
import { wrapOpenAI } from "langsmith/wrappers";
import OpenAI from "openai";

process.removeAllListeners("warning");
const client = new Client();
const openai = wrapOpenAI(new OpenAI({ apiKey: "none", baseURL: `${process.env.MODEL_URL}/v1` }));

const ids = { root: "", tool: "", failed: "" };
const keep = (name) => ({ client, on_end: (tree) => (ids[name] = tree?.id ?? "") });
const lookUp = traceable(async (word) => [{ word, means: "a ribbon" }], {
  name: "look-up",
  run_type: "tool",
  ...keep("tool"),
});
const answer = traceable(
  async (question) => {
    await lookUp("telltale");
    const said = await openai.chat.completions.create({
      model: "gpt-4o-mini",
      messages: [{ role: "user", content: question }],
    });
    return said.choices[0].message.content;
  },
  { name: "answer", tags: ["demo"], metadata: { session_id: "s-1", plan: { steps: 2 } }, ...keep("root") },
);
const fail = traceable(
  () => {
    throw new Error("no wind");
  },
  { name: "fail", ...keep("failed") },
);
await answer("What is a telltale?");
await fail().catch(() => undefined);
await client.awaitPendingTraceBatches();
await client.createFeedback(ids.root, "helpful", { score: 0.5, comment: "short" });

/** What is not stored yet is not found; a program that reads what it just wrote asks again. */
async function eventually(read, isThere = () => true) {
  for (let attempt = 0; attempt < 200; attempt++) {
    const read_ = await read().catch((error) =>
      error.name === "LangSmithNotFoundError" ? undefined : Promise.reject(error),
    );
    if (read_ !== undefined && isThere(read_)) return read_;
    await sleep(50);
  }
  throw new Error("not there after 10 seconds");
}
const all = async (iterable) => {
  const items = [];
  for await (const item of iterable) items.push(item);
  return items;
};
const nameOf = (error) => ({ name: error.name, message: error.message });

const failed = await eventually(() => client.readRun(ids.failed));
const root = await eventually(
  () => client.readRun(ids.root, { loadChildRuns: true }),
  (run) => run.child_runs.length === 2,
);
const feedback = await eventually(
  () => all(client.listFeedback({ runIds: [ids.root] })),
  (list) => list.length > 0,
);
const project = await client.readProject({ projectName: "reading" });
const listed = async (selection) => (await all(client.listRuns(selection))).map(({ name }) => name);
const selects = ["NAME", "RUN_TYPE", "STATUS", "TOTAL_TOKENS", "INPUTS", "PARENT_RUN_IDS", "PROJECT_ID", "TOTAL_COST"];

console.log(
  JSON.stringify({
    ids,
    projectId: project.id,
    root,
    failed,
    feedback,
    listed: {
      project: await listed({ projectName: "reading" }),
      roots: await listed({ projectName: "reading", isRoot: true, order: "asc" }),
      trace: await listed({ traceId: ids.root, order: "asc" }),
      ids: await listed({ id: [ids.tool, ids.failed] }),
      parent: await listed({ parentRunId: ids.root, order: "asc" }),
      type: await listed({ projectName: "reading", runType: "llm" }),
      errors: await listed({ projectName: "reading", error: true }),
      limited: await listed({ projectName: "reading", limit: 2 }),
      since: await listed({ projectName: "reading", startTime: new Date(Date.now() + 60_000) }),
    },
    selected: await all(client.listRuns({ id: [ids.root], select: ["name", "total_tokens"] })),
    retrieved: await client.runs.retrieve(ids.root, { project_id: project.id, selects }),
    queried: await all(client.runs.query({ project_ids: [project.id], selects: ["NAME"], page_size: 1 })),
    address: await client.runs.getURL(ids.tool, { project_id: project.id, trace_id: ids.root }),
    has: [
      await client.hasProject({ projectName: "reading" }),
      await client.hasProject({ projectName: "nobody's" }),
      await client.hasProject({ projectId: project.id }),
    ],
    unknown: await client.readRun(crypto.randomUUID()).catch(nameOf),
    unknownInV2: await client.runs.retrieve(crypto.randomUUID(), { project_id: project.id }).catch(nameOf),
    filtered: await listed({ projectName: "reading", filter: 'eq(name, "answer")' }).catch(nameOf),
  }),
);
