import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ServerProcess } from "../benchmarks/server/server-process.ts";
import { launchBrowser, newContext } from "./browser.ts";
import { eventually } from "./otlp-json.ts";
import { expectAccessible, watchErrors } from "./page-checks.ts";
import { removeServer, startServer } from "./started-server.ts";

/* Files that Langfuse's own client uploads, on the page of their span; and files that would run if anybody let them. */

/** A red square of 64 pixels. */
function picture(): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const head = Buffer.alloc(4);
    head.writeUInt32BE(data.length);
    const check = Buffer.alloc(4);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([head, body, check]);
  };
  const header = Buffer.from([0, 0, 0, 64, 0, 0, 0, 64, 8, 2, 0, 0, 0]);
  const rows = Buffer.concat(
    Array.from({ length: 64 }, () => Buffer.from([0, ...Array(64).fill([200, 30, 30]).flat()])),
  );
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const chunks = [chunk("IHDR", header), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([signature, ...chunks]);
}

function crc32(bytes: Buffer): number {
  let rest = 0xffffffff;
  for (const byte of bytes) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit++) rest = (rest >>> 1) ^ (rest & 1 ? 0xedb88320 : 0);
  }
  return (rest ^ 0xffffffff) >>> 0;
}

/** A tenth of a second of a tone. */
function sound(): Buffer {
  const samples = Buffer.from(Array.from({ length: 800 }, (_, index) => 128 + Math.round(60 * Math.sin(index / 3))));
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(8000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write("data", 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}

const RUN = "window.top.ran = true; window.ran = true; fetch('/ran')";
const files = [
  picture(),
  sound(),
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" onload="${RUN}"><script>${RUN}</script></svg>`),
  // A page that says what it is, and one that says it were a picture.
  Buffer.from(`<!doctype html><script>${RUN}</script><img src="x" onerror="${RUN}">`),
  Buffer.from(`<html><body onload="${RUN}"><script>${RUN}</script></body></html>`),
];

let server: ServerProcess;
let browser: Browser;
let page: Page;
let errors: string[];
const requests: string[] = [];
let traceId: string;
let spanId: string;

beforeAll(async () => {
  server = await startServer();
  browser = await launchBrowser();
  const child = spawn(process.execPath, [join(import.meta.dirname, "peers/vendors/programs/langfuse-media.mjs")], {
    env: {
      PATH: process.env["PATH"],
      LANGFUSE_BASEURL: server.url,
      LANGFUSE_PUBLIC_KEY: "pk-lf-media",
      LANGFUSE_SECRET_KEY: "sk-lf-media-secret",
      FILES: JSON.stringify(files.map((file) => file.toString("base64"))),
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`the program ended with ${code}`);
  const sql = "SELECT trace_id, span_id FROM spans WHERE kind = 'llm' AND end_time IS NOT NULL";
  const rows = await eventually(
    () => server.query(sql),
    (found) => found.length === 1,
  );
  [traceId, spanId] = rows[0] as [string, string];
  page = await (await newContext(browser)).newPage();
  errors = watchErrors(page);
  page.on("request", (request) => requests.push(new URL(request.url()).pathname));
}, 180_000);

afterAll(async () => {
  await browser.close();
  await removeServer(server);
});

const ran = (): Promise<boolean> => page.evaluate(() => "ran" in window);

describe("files that Langfuse's client uploads", () => {
  it("are a picture and a sound on the page of their span, fetched when somebody wants them", async () => {
    await page.goto(`${server.url}/trace/${traceId}?view=waterfall&span=${spanId}`);
    const show = page.getByRole("button", { name: "Show image/png" });
    await show.first().waitFor();
    expect(requests.filter((path) => path.startsWith("/api/v1/media/"))).toEqual([]);
    await show.first().click();
    const image = page.locator("img[alt='image/png']");
    await image.waitFor();
    await expect.poll(() => image.evaluate((shown: HTMLImageElement) => shown.naturalWidth)).toBe(64);
    await page.getByRole("button", { name: "Play audio/wav" }).first().click();
    const audio = page.locator("audio");
    await audio.waitFor();
    await expect.poll(() => audio.evaluate((played: HTMLAudioElement) => played.duration)).toBeCloseTo(0.1);
    await expectAccessible(page);
    expect(errors).toEqual([]);
  }, 60_000);

  it("do not run, whatever they call themselves", async () => {
    const told = await (await fetch(`${server.url}/api/v1/traces/${traceId}/spans/${spanId}`)).text();
    const named = [...told.matchAll(/@@@langfuseMedia:type=([\w/+.-]+)\|id=([\w-]{22})\|/g)];
    const ids = new Map(named.map(([, type = "", id = ""]) => [id, type]));
    const types = ["audio/wav", "image/png", "image/png", "image/svg+xml", "text/html"];
    expect([...ids.values()].sort()).toEqual(types);
    const drawn: string[] = [];
    for (const [id, type] of ids) {
      const answer = await fetch(`${server.url}/api/v1/media/${id}`);
      expect(answer.headers.get("content-disposition")).toMatch(/^attachment/);
      expect(answer.headers.get("content-security-policy")).toBe("default-src 'none'; sandbox");
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      expect(answer.headers.get("content-type")).toBe(type);
      // As a picture, as a frame's page and as a page of its own.
      const isDrawn = await page.evaluate(async (source) => {
        const image = document.createElement("img");
        image.src = source;
        document.body.append(image);
        return image.decode().then(
          () => true,
          () => false,
        );
      }, `/api/v1/media/${id}`);
      if (isDrawn) drawn.push(type);
      await page.evaluate((source) => {
        const frame = document.createElement("iframe");
        frame.src = source;
        document.body.append(frame);
      }, `/api/v1/media/${id}`);
      const saved = page.waitForEvent("download");
      await page.evaluate((source) => {
        location.href = source;
      }, `/api/v1/media/${id}`);
      expect((await saved).suggestedFilename()).toContain(id);
      expect(await ran()).toBe(false);
    }
    // As a picture a drawing has no scripts, and a page is none.
    expect(drawn.sort()).toEqual(["image/png", "image/svg+xml"]);
    expect(requests).not.toContain("/ran");
  }, 60_000);
});
