import chromium from "@sparticuz/chromium";
import { type Browser, chromium as playwright, type BrowserContext } from "playwright-core";

/** Where a new page begins. */
export interface PageOptions {
  readonly theme?: "light" | "dark";
  readonly width?: number;
  readonly height?: number;
}

/**
 * The browser of the tests: the one from a package, so that the lock file pins it and nothing has to be installed.
 * `CHROMIUM_PATH` names another. Without the two GPU switches a canvas is thirty times slower here.
 */
export async function launchBrowser(): Promise<Browser> {
  return playwright.launch({
    executablePath: process.env.CHROMIUM_PATH ?? (await chromium.executablePath()),
    args: ["--no-sandbox", "--disable-gpu", "--disable-accelerated-2d-canvas", "--disable-dev-shm-usage"],
    headless: true,
  });
}

/** A clean browser window. The locale is told, since the one of a container may be no language tag. */
export async function newContext(browser: Browser, options: PageOptions = {}): Promise<BrowserContext> {
  return browser.newContext({
    locale: "en-US",
    timezoneId: "Europe/Stockholm",
    colorScheme: options.theme ?? "light",
    viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
    permissions: ["clipboard-read", "clipboard-write"],
    reducedMotion: "reduce",
  });
}
