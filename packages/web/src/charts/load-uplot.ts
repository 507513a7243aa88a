import type uPlot from "uplot";

/** The chart library, loaded when the first chart is shown; `undefined` when this browser cannot run it. */
export async function loadUplot(): Promise<typeof uPlot | undefined> {
  try {
    guardLanguage();
    const [library] = await Promise.all([import("uplot"), import("uplot/dist/uPlot.min.css")]);
    return library.default;
  } catch {
    return undefined;
  }
}

/**
 * uPlot formats numbers by `navigator.language` as it loads, and throws on what is no language tag
 * (`en-US@posix` under a POSIX locale). Such a browser gets English numbers instead of no chart.
 */
function guardLanguage(): void {
  try {
    new Intl.NumberFormat(navigator.language);
  } catch {
    Object.defineProperty(navigator, "language", { value: "en-US", configurable: true });
  }
}
