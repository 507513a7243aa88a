import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Json } from "@telltale/model";
import { isArray, isObject, type JsonObject, textIn } from "../dialect/json-of.ts";
import { replaceFile } from "../disk/replace-file.ts";
import { Refusal } from "./refusal.ts";

/** Projects remembered; those told of least lately are forgotten. With the next bound the file has 16 MB at most. */
const MAX_PROJECTS = 2_000;
/** Characters of one as JSON: names, descriptions and metadata of people have some hundred. */
const MAX_LENGTH = 8_000;
/** There is one tenant here; LangSmith's SDKs ask for a UUID. */
const TENANT = "00000000-0000-4000-8000-000000000000";
/** Names of runs are written this long after the first new one, together: each write is of the whole file. */
const WRITE_AFTER_MS = 1000;
/** What a program may say of a project, and change later. */
const FIELDS = ["description", "extra", "end_time", "reference_dataset_id", "start_time"] as const;

/** A project as LangSmith's API tells it ("tracer session"). */
export type Project = JsonObject & { readonly id: string; readonly name: string };

/** LangSmith's projects: which names programs made or sent runs to, and what they said of them. Kept in one small file. */
export class KeptProjects {
  readonly #path: string;
  readonly #projects = new Map<string, Project>();
  #later: ReturnType<typeof setTimeout> | undefined;

  /** A file that is not there is an empty one; so is one that somebody damaged. */
  constructor(path: string) {
    this.#path = path;
    for (const project of readFile(path)) this.#projects.set(project.name, project);
  }

  /** All, the latest first. */
  list(): readonly Project[] {
    return [...this.#projects.values()].toReversed();
  }

  byId(id: string): Project | undefined {
    return [...this.#projects.values()].find((project) => project.id === id.toLowerCase());
  }

  byName(name: string): Project | undefined {
    return this.#projects.get(name);
  }

  /** Remembers that runs came for these; on disk a second later, for the next run would say it again. */
  note(names: Iterable<string>): void {
    const fresh = [...new Set(names)].filter((name) => name !== "" && !this.#projects.has(name));
    for (const name of fresh) if (name.length < MAX_LENGTH / 4) this.#keep(projectFrom({}, name));
    if (fresh.length === 0 || this.#later) return;
    this.#later = setTimeout(() => this.#write(), WRITE_AFTER_MS).unref();
  }

  /** Makes one, or (`upsert`) changes the one of that name. Throws `Refusal` where it cannot be. */
  create(told: JsonObject, upsert: boolean): Project {
    const name = textIn(told, "name");
    if (!name) throw new Refusal(422, 'a project has a "name"');
    const known = this.#projects.get(name);
    if (known && !upsert) throw new Refusal(409, `a project "${name.slice(0, 100)}" exists already`);
    return this.#saved(known ? changed(known, told) : projectFrom(told, name));
  }

  /** Changes what is told, under whichever name. Throws `Refusal` where there is none, or a name is taken. */
  change(id: string, told: JsonObject): Project {
    const known = this.byId(id);
    if (!known) throw new Refusal(404, `there is no project ${id}`);
    const name = textIn(told, "name") || known.name;
    if (name !== known.name && this.#projects.has(name))
      throw new Refusal(409, "a project of that name exists already");
    const project = this.#saved({ ...changed(known, told), name });
    if (name !== known.name && this.#projects.delete(known.name)) this.#write();
    return project;
  }

  #saved(project: Project): Project {
    this.#keep(project);
    this.#write();
    return project;
  }

  #keep(project: Project): void {
    if (JSON.stringify(project).length > MAX_LENGTH)
      throw new Refusal(422, `a project is told in ${MAX_LENGTH} characters at most`);
    this.#projects.delete(project.name);
    this.#projects.set(project.name, project);
    const [oldest] = this.#projects.keys();
    if (this.#projects.size > MAX_PROJECTS && oldest !== undefined) this.#projects.delete(oldest);
  }

  #write(): void {
    clearTimeout(this.#later);
    this.#later = undefined;
    replaceFile(this.#path, JSON.stringify([...this.#projects.values()]));
  }
}

function projectFrom(told: JsonObject, name: string): Project {
  const id = textIn(told, "id");
  return changed(
    {
      id: id !== undefined && /^[0-9a-f-]{36}$/i.test(id) ? id.toLowerCase() : idOf(name),
      tenant_id: TENANT,
      name,
      start_time: new Date().toISOString(),
      end_time: null,
      description: null,
      extra: null,
      reference_dataset_id: null,
    },
    told,
  );
}

/** What is null or left out stays as it was. */
function changed(project: Project, told: JsonObject): Project {
  const said: Record<string, Json> = {};
  for (const field of FIELDS) {
    const value = told[field];
    if (value !== undefined && value !== null) said[field] = value;
  }
  return { ...project, ...said };
}

/** A UUID (version 8: one's own rule, RFC 9562) of a name, always the same. */
function idOf(name: string): string {
  const hex = createHash("sha256").update(name).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function readFile(path: string): readonly Project[] {
  try {
    const kept = JSON.parse(readFileSync(path, "utf8")) as Json;
    return isArray(kept) ? kept.filter(isProject) : [];
  } catch {
    return [];
  }
}

function isProject(value: Json): value is Project {
  return isObject(value) && textIn(value, "id") !== undefined && textIn(value, "name") !== undefined;
}
