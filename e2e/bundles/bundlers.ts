import { createRequire } from "node:module";
import { join } from "node:path";
import { build as esbuild } from "esbuild";
import { build as vite } from "vite";

/** Puts the program of `folder` into one file or a folder with chunks; answers with the file to run. */
export type Bundler = (folder: string, program: string) => Promise<string>;

const require = createRequire(join(import.meta.dirname, "package.json"));
/** Bundles of ES modules need it for what the client loads by `require`. */
const BANNER = 'import { createRequire } from "node:module"; const require = createRequire("/");';

async function byEsbuild(folder: string, program: string, format: "cjs" | "esm"): Promise<string> {
  const outfile = join(folder, `esbuild-${format}`, `main.${format === "cjs" ? "cjs" : "mjs"}`);
  const banner = { js: format === "esm" ? BANNER : "" };
  const options = { bundle: true, minify: true, platform: "node", outfile, banner, format, logLevel: "error" } as const;
  await esbuild({ entryPoints: [join(folder, program)], ...options });
  return outfile;
}

async function byVite(folder: string, program: string): Promise<string> {
  await vite({
    root: folder,
    configFile: false,
    logLevel: "error",
    ssr: { noExternal: true },
    build: { ssr: program, outDir: "vite", rollupOptions: { output: { entryFileNames: "main.mjs" } } },
  });
  return join(folder, "vite", "main.mjs");
}

interface Rollup {
  rollup(options: object): Promise<{ write(options: object): Promise<unknown> }>;
}

async function byRollup(folder: string, program: string): Promise<string> {
  const { rollup } = require("rollup") as Rollup;
  const plugins = ["node-resolve", "commonjs", "json"].map((name) => {
    const made = require(`@rollup/plugin-${name}`) as { readonly default: (options?: object) => unknown };
    return name === "node-resolve" ? made.default({ exportConditions: ["node"] }) : made.default();
  });
  const bundle = await rollup({ input: join(folder, program), plugins, onwarn: () => {} });
  await bundle.write({ dir: join(folder, "rollup"), entryFileNames: "main.mjs", chunkFileNames: "[name]-[hash].mjs" });
  return join(folder, "rollup", "main.mjs");
}

interface Webpack {
  (options: object, done: (error: Error | null, stats?: { hasErrors(): boolean; toString(): string }) => void): void;
}

function byWebpack(folder: string, program: string): Promise<string> {
  const webpack = require("webpack") as Webpack;
  const path = join(folder, "webpack");
  const options = {
    mode: "production",
    target: "node22",
    context: folder,
    entry: `./${program}`,
    output: { path, filename: "main.cjs" },
    performance: false,
    // Takes twenty seconds; esbuild shows that shortened names do no harm.
    optimization: { minimize: false },
  };
  return new Promise((resolve, reject) => {
    webpack(options, (error, stats) => {
      if (error !== null || stats?.hasErrors() === true) reject(error ?? new Error(stats?.toString()));
      else resolve(join(path, "main.cjs"));
    });
  });
}

/** Each by what it is called in the tests. */
export const BUNDLERS: readonly (readonly [name: string, program: string, bundler: Bundler])[] = [
  ["esbuild, ES modules", "answer.mjs", (folder, program) => byEsbuild(folder, program, "esm")],
  ["esbuild, CommonJS", "answer.cjs", (folder, program) => byEsbuild(folder, program, "cjs")],
  ["Vite, for a server", "answer.mjs", byVite],
  ["rollup", "answer.mjs", byRollup],
  ["webpack, of ES modules", "answer.mjs", byWebpack],
  ["webpack, of CommonJS", "answer.cjs", byWebpack],
];
