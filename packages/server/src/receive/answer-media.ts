import { countIn, textIn } from "../dialect/json-of.ts";
import { findMedia, mediaIdOf, type MediaStore } from "../media/media-store.ts";
import type { ApiAnswer, ApiRequest } from "./answer-api.ts";
import { readJson } from "./read-json.ts";
import { Refusal } from "./refusal.ts";

/** Kept files do not go away after a time; the API must say one. A year in milliseconds. */
const YEAR_MS = 365 * 24 * 3600 * 1000;

/** Where files are kept. */
export interface MediaPlace {
  readonly store: MediaStore;
  readonly dataDirectory: string;
}

/**
 * A request below Langfuse's `/media`: an SDK announces a file, uploads it where the answer says, and tells how that
 * went; what it is told of a file that nobody needs to send is no address. `rest` is the path behind `media`.
 */
export async function answerMedia(request: ApiRequest, rest: string, place: MediaPlace): Promise<ApiAnswer> {
  const { method } = request;
  const [, id = "", action = ""] = rest.split("/");
  if (id === "" && method === "POST") return announced(request, place.store);
  if (action === "upload" && method === "PUT") return uploaded(request, id, place.store);
  if (action === "" && method === "PATCH") return { status: 200, body: {} };
  if (action === "" && id !== "" && method === "GET") return found(request, id, place.dataDirectory);
  throw new Refusal(405, `${method} is not answered here`);
}

async function announced(request: ApiRequest, store: MediaStore): Promise<ApiAnswer> {
  const body = readJson(await request.body());
  const sha256 = textIn(body, "sha256Hash");
  if (sha256 === undefined) throw new Refusal(400, 'a file is told with its "sha256Hash"');
  const mediaId = mediaIdOf(sha256);
  const facts = { type: textIn(body, "contentType") ?? "", bytes: countIn(body, "contentLength") ?? 0, sha256 };
  const uploadUrl = store.announce(facts) ? `${baseOf(request)}/api/public/media/${mediaId}/upload` : null;
  return { status: 201, body: { uploadUrl, mediaId } };
}

async function uploaded(request: ApiRequest, id: string, store: MediaStore): Promise<ApiAnswer> {
  const problem = store.keep(id, await request.body());
  if (problem !== undefined) throw new Refusal(problem === "not announced" ? 404 : 400, `this file is ${problem}`);
  return { status: 200, body: {} };
}

function found(request: ApiRequest, mediaId: string, dataDirectory: string): ApiAnswer {
  const media = findMedia(dataDirectory, mediaId);
  if (!media) throw new Refusal(404, "there is no such file: it was never sent, or others needed its place");
  return {
    status: 200,
    body: {
      mediaId,
      contentType: media.type,
      contentLength: media.bytes,
      uploadedAt: new Date(media.keptAt).toISOString(),
      url: `${baseOf(request)}/api/v1/media/${mediaId}`,
      urlExpiry: new Date(Date.now() + YEAR_MS).toISOString(),
    },
  };
}

/** This server as the asker reached it. */
function baseOf({ headers }: ApiRequest): string {
  const scheme = headers["x-forwarded-proto"] === "https" ? "https" : "http";
  return `${scheme}://${headers.host ?? "127.0.0.1"}`;
}
