import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import { launchBrowser, newContext, type PageOptions } from "./browser.ts";
import { watchErrors } from "./page-checks.ts";

/** What serves the pages; it starts with its address. */
interface PageServer {
  start(): Promise<string>;
  stop(): Promise<void>;
}

interface OpenOptions extends PageOptions {
  /** Another server's address. */
  readonly base?: string;
  /** Done to the page before it loads. */
  readonly before?: (page: Page) => Promise<unknown>;
}

/** The one window of a test. Its page and errors are there once something was opened. */
export interface TestWindow {
  readonly page: Page;
  /** What the page has complained of. */
  readonly errors: string[];
  /** The server's address. */
  readonly url: string;
  /** Opens a path in a clean window. */
  open(path: string, options?: OpenOptions): Promise<void>;
}

/** Starts a server and a browser for the tests of a file, and closes after each test the window that it opened. */
export function usePage(server: PageServer): TestWindow {
  let url = "";
  let browser: Browser | undefined;
  let opened: { context: BrowserContext; page: Page; errors: string[] } | undefined;
  const there = <Thing>(thing: Thing | undefined): Thing => {
    if (thing === undefined) throw new Error("nothing was opened yet");
    return thing;
  };
  const close = async (): Promise<void> => {
    await opened?.context.close();
    opened = undefined;
  };
  beforeAll(async () => {
    url = await server.start();
    browser = await launchBrowser();
  });
  afterEach(close);
  afterAll(async () => {
    await browser?.close();
    await server.stop();
  });
  return {
    get page() {
      return there(opened).page;
    },
    get errors() {
      return there(opened).errors;
    },
    get url() {
      return url;
    },
    async open(path, { base = url, before, ...options } = {}) {
      await close();
      const context = await newContext(there(browser), options);
      const page = await context.newPage();
      opened = { context, page, errors: watchErrors(page) };
      await before?.(page);
      await page.goto(base + path);
    },
  };
}
