import { text } from "node:stream/consumers";
import { PriceFile } from "../price/price-file.ts";
import { errorAnswer } from "./api-error.ts";
import { type Api, type ApiContext, fail, refuseOtherMethods } from "./api-route.ts";

const PATH = "/api/v1/prices";
/** Bytes of a file of prices at most. */
const MOST_BYTES = 1_000_000;

/** Somebody's own prices: GET shows the file and what is wrong with it, PUT writes it, DELETE takes it away. */
export function addPriceRoutes(app: Api, path: string): void {
  const prices = new PriceFile(path);
  app.get(PATH, (context) => {
    const { file, problems } = prices.state();
    return context.json({ file, problems });
  });
  app.put(PATH, async (context) => {
    if (!/^application\/json\s*(;|$)/i.test(context.req.header("content-type") ?? ""))
      return fail(errorAnswer(415, "wrong-type", "the body must be JSON", "send Content-Type: application/json"));
    if (Number(context.req.header("content-length") ?? Infinity) > MOST_BYTES)
      return fail(
        errorAnswer(413, "too-large", `prices are at most ${MOST_BYTES} bytes, and come with a Content-Length`),
      );
    return written(prices, await bodyOf(context), context);
  });
  app.delete(PATH, (context) => {
    prices.remove();
    return context.json({ file: null, problems: [] });
  });
  refuseOtherMethods(app, PATH, ["GET", "PUT", "DELETE"]);
}

async function bodyOf(context: ApiContext): Promise<string> {
  return text(context.env.incoming);
}

function written(prices: PriceFile, body: string, context: ApiContext): Response {
  let file: unknown;
  try {
    file = JSON.parse(body);
  } catch (error) {
    return fail(errorAnswer(400, "bad-input", `the body is no JSON: ${String(error)}`));
  }
  const problems = prices.write(file);
  if (problems.length === 0) return context.json({ file, problems });
  const told = problems.slice(0, 10).map(({ where, problem }) => `${where}: ${problem}`);
  return fail(
    errorAnswer(400, "bad-prices", told.join("; "), "nothing was changed; see docs/guides/prices.md for the form"),
  );
}
