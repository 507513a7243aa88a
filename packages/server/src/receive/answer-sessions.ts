import { type JsonObject, textIn } from "../dialect/json-of.ts";
import type { ApiAnswer } from "./answer-api.ts";
import type { KeptProjects, Project } from "./kept-projects.ts";
import { Refusal } from "./refusal.ts";

/** Projects of one page of a list; the SDKs ask for 100. */
const MOST = 100;

/** A request below LangSmith's `/sessions`, which its SDKs call projects. */
export interface SessionsRequest {
  readonly method: string;
  /** Behind `/sessions/`; "" for all. */
  readonly id: string;
  readonly query: URLSearchParams;
  readonly body: () => Promise<JsonObject>;
}

/** Makes, lists, reads and changes projects. Taking one away is refused: runs are kept. */
export async function answerSessions(request: SessionsRequest, projects: KeptProjects): Promise<ApiAnswer> {
  const { method, id, query } = request;
  if (method === "GET") return { status: 200, body: id === "" ? listed(projects, query) : found(projects, id) };
  if (method === "POST" && id === "") {
    const upsert = query.get("upsert")?.toLowerCase() === "true";
    return { status: 200, body: projects.create(await request.body(), upsert) };
  }
  if (method === "PATCH" && id !== "") return { status: 200, body: projects.change(id, await request.body()) };
  throw new Refusal(405, `${method} is not answered here: projects are made, read and changed, not taken away`);
}

function found(projects: KeptProjects, id: string): Project {
  const project = projects.byId(id);
  if (project) return project;
  throw new Refusal(404, `there is no project ${id}`);
}

function listed(projects: KeptProjects, query: URLSearchParams): readonly Project[] {
  const ids = query.getAll("id");
  const name = query.get("name");
  const part = query.get("name_contains")?.toLowerCase();
  const dataset = query.get("reference_dataset");
  const isFree = query.get("reference_free")?.toLowerCase() === "true";
  const wanted = projects.list().filter((project) => {
    const reference = textIn(project, "reference_dataset_id");
    return (
      (ids.length === 0 || ids.includes(project.id)) &&
      (name === null || project.name === name) &&
      (part === undefined || project.name.toLowerCase().includes(part)) &&
      (dataset === null || reference === dataset) &&
      (!isFree || reference === undefined)
    );
  });
  const offset = Math.max(0, Number(query.get("offset")) || 0);
  const limit = Math.min(MOST, Math.max(1, Number(query.get("limit")) || MOST));
  return wanted.slice(offset, offset + limit);
}
