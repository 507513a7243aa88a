import type { Processor } from "../processor.ts";
import { group } from "./group.ts";

/** Every processor, in the alphabetical order of their files. */
export const processors: readonly Processor[] = [group];
