// Written by `npm run lists` from the files of this folder.
import type { Processor } from "../processor.ts";
import { estimate } from "./estimate.ts";
import { group } from "./group.ts";
import { price } from "./price.ts";

/** Every part of this folder, by name. */
export const processors: readonly Processor[] = [estimate, group, price];
