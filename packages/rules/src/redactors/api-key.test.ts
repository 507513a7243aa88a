import { describe, expect, test } from "vitest";
import { findWith } from "../testing/find-with.ts";
import { apiKey } from "./api-key.ts";

const found = findWith(apiKey);

/** Put together here, so that no scanner takes this file for a leak. */
const random = (length: number): string => "a1B2c3D4e5F6g7H8j9K0m1N2p3Q4r5S6t7U8v9W0x1Y2z3".repeat(4).slice(0, length);

const KEYS = [
  `sk-${random(48)}`,
  `sk-proj-${random(120)}`,
  `sk-ant-api03-${random(93)}`,
  `sk_live_${random(24)}`,
  `ghp_${random(36)}`,
  `github_pat_${random(60)}`,
  `glpat-${random(20)}`,
  `AIza${random(35)}`,
  `AKIA${"ABCDEFGH234567AB"}`,
  `xoxb-123456789012-${random(24)}`,
  `hf_${random(34)}`,
  `npm_${random(36)}`,
];

describe("apiKey", () => {
  test.each(KEYS)("finds %s in a sentence, in JSON, in an address and in code", (key) => {
    expect(found(key)).toEqual([key]);
    expect(found(`use ${key} for now`)).toEqual([key]);
    expect(found(JSON.stringify({ text: `key:\n${key}\n` }))).toEqual([key]);
    expect(found(`https://x.test/?q=the%20${key}&b=1`)).toEqual([key]);
    expect(found(`OPENAI_API_KEY="${key}"`)).toEqual([key]);
  });

  test.each([
    "a task-force-of-people-that-works-together-well",
    "ask-me-anything-about-the-desk-in-the-corner-now",
    "sk-learn-pipeline-documentation-for-beginners",
    "the risk-2024-assessment",
    "sk-short1",
    "npm_config_registry",
  ])("leaves %s alone", (text) => {
    expect(found(text)).toEqual([]);
  });
});
