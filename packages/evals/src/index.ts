export type { Evaluator, Example, Judgement } from "./evaluator.ts";
export { evaluators } from "./evaluators/index.ts";
