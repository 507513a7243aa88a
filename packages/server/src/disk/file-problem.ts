import * as z from "zod";

/** What is wrong with a file that people write, and where: `prices[2].tokens.input`. */
export interface FileProblem {
  readonly where: string;
  readonly problem: string;
}

/** Problems as a part of an answer. */
export const fileProblemsSchema: z.ZodType<FileProblem[]> = z.array(
  z.object({ where: z.string(), problem: z.string() }),
);

/** What a file says, or everything that is wrong with it. */
export type FileReading<Content> =
  | { readonly content: Content; readonly problems?: undefined }
  | { readonly content?: undefined; readonly problems: readonly FileProblem[] };

/** The problems that a schema found. `whole` names the place of those that are about all of it. */
export function fileProblems(error: z.ZodError, whole: string = "the file"): readonly FileProblem[] {
  return error.issues.map((issue) => ({ where: placeOf(issue.path) || whole, problem: issue.message }));
}

/** As many problems as one reads at once, in a line. */
export function problemLine(problems: readonly FileProblem[]): string {
  return problems
    .slice(0, 10)
    .map(({ where, problem }) => `${where}: ${problem}`)
    .join("; ");
}

function placeOf(path: readonly PropertyKey[]): string {
  let place = "";
  for (const step of path)
    place += typeof step === "number" ? `[${step}]` : `${place === "" ? "" : "."}${String(step)}`;
  return place;
}
