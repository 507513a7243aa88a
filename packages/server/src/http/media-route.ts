import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { findMedia } from "../media/media-store.ts";
import { QueryError } from "../query.ts";
import { type Api, refuseOtherMethods } from "./api-route.ts";

/** Where a page finds a file that came with a trace. */
export const MEDIA_PATH = "/api/v1/media/:mediaId";

/**
 * Files that came with traces. They are as hostile as the rest of a trace, and some may be pages with scripts: a browser
 * is told to save them, never to guess what they are, and to give them no rights should it show them all the same.
 */
export function addMediaRoute(app: Api, dataDirectory: string): void {
  app.get(MEDIA_PATH, async (context) => {
    const id = context.req.param("mediaId");
    const media = findMedia(dataDirectory, id);
    if (!media)
      throw new QueryError(404, "unknown-media", `there is no file ${id}`, "it was not kept, or had to make room");
    const { incoming, outgoing } = context.env;
    const extension = media.type.split("/")[1]?.replace(/\W.*$/, "") ?? "bin";
    outgoing.writeHead(200, {
      "content-type": media.type,
      "content-length": media.bytes,
      "content-disposition": `attachment; filename="${id}.${extension}"`,
      "content-security-policy": "default-src 'none'; sandbox",
      "cache-control": "private, max-age=31536000, immutable",
    });
    if (incoming.method === "HEAD") outgoing.end();
    // The asker may go away in the middle.
    else await pipeline(createReadStream(media.path), outgoing).catch(() => outgoing.destroy());
    return RESPONSE_ALREADY_SENT;
  });
  refuseOtherMethods(app, MEDIA_PATH, ["GET"]);
}
