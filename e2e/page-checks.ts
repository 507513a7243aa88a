import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { expect } from "vitest";

const require = createRequire(import.meta.url);
const axeSource = readFile(require.resolve("axe-core/axe.min.js"), "utf8");

interface AxeViolation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** Fails with what axe finds on the page as it stands. */
export async function expectAccessible(page: Page): Promise<void> {
  // Evaluated by the debugger, which the page's policy for scripts does not bind.
  await page.evaluate(await axeSource);
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(): Promise<{ violations: AxeViolation[] }> } };
    return (await axe.run()).violations;
  });
  const told = violations.map(({ id, help, nodes }) => {
    const places = nodes.slice(0, 4).map(({ html, failureSummary }) => `  ${html.slice(0, 200)}\n  ${failureSummary}`);
    return `${id}: ${help} (${nodes.length})\n${places.join("\n")}`;
  });
  expect(told).toEqual([]);
}

/** Collects what a page complains about: exceptions, errors on the console, and breaches of its policy. */
export function watchErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.stack ?? error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  return errors;
}

/** Fails when something on the page is wider than the page. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const excess = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(excess).toBeLessThanOrEqual(0);
}

/** Pixels that a finger needs at least (WCAG 2.2, 2.5.8). */
const TARGET = 24;

/**
 * Fails when something that can be used is beyond the sides of the page or too small for a finger. What a box of its
 * own scrolls to is in reach; a link within a text is as high as its line.
 */
export async function expectReachable(page: Page): Promise<void> {
  const faults = await page.evaluate((least) => {
    const scrolls = (element: Element | null): boolean =>
      element !== null &&
      ((element.scrollWidth > element.clientWidth && /auto|scroll/.test(getComputedStyle(element).overflowX)) ||
        scrolls(element.parentElement));
    return [...document.querySelectorAll("button, a, input, select, textarea, [role=tab]")].flatMap((element) => {
      const { left, right, width, height } = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      const label = `${element.tagName} ${element.getAttribute("aria-label") ?? element.textContent?.slice(0, 40)}`;
      if (width <= 1 || height <= 1 || style.visibility === "hidden" || element.closest("[aria-hidden=true]"))
        return [];
      if ((left < -1 || right > window.innerWidth + 1) && !scrolls(element.parentElement))
        return [`${label}: from ${left} to ${right} pixels`];
      const isSmall = element.tagName === "BUTTON" && (width < least || height < least);
      return isSmall && window.innerWidth < 600 ? [`${label}: ${width} × ${height} pixels`] : [];
    });
  }, TARGET);
  expect(faults).toEqual([]);
}
