import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { webDirectory } from "@telltale/web";
import { describe, expect, it } from "vitest";

/** In kB of gzip: what a visitor waits for before the frame, a page or a chart shows. Measured, and a fifth more. */
const BUDGETS = [
  ["index", 130],
  ["traces-page", 22],
  ["trace-page", 60],
  ["query-page", 8],
  ["explain-page", 3],
  ["prices-page", 5],
  ["budgets-page", 6],
  ["uPlot", 30],
] as const;

const assets = join(webDirectory, "assets");

describe("the built pages", () => {
  it.each(BUDGETS)("%s loads in at most %i kB", (name, budget) => {
    const files = readdirSync(assets).filter((file) => file.startsWith(`${name}`) && file.endsWith(".js"));
    expect(files.length).toBeGreaterThan(0);
    const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(join(assets, file))).length, 0);
    expect(bytes / 1000).toBeLessThan(budget);
  });

  it("load nothing from elsewhere and have no script or style in the page itself", () => {
    const page = readFileSync(join(webDirectory, "index.html"), "utf8");
    for (const [, address = ""] of page.matchAll(/(?:src|href)="([^"]*)"/g)) expect(address).toMatch(/^\//);
    expect(page).not.toMatch(/<script>|<style|style="| on\w+="/);
  });
});
