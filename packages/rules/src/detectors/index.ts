// Written by `npm run lists` from the files of this folder.
import type { Detector } from "../detector.ts";
import { repeatedCall } from "./repeated-call.ts";

/** Every part of this folder, by name. */
export const detectors: readonly Detector[] = [repeatedCall];
