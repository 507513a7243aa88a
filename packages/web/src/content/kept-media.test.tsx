// @vitest-environment happy-dom
import type { ApiContent } from "@telltale/server/api-types";
import { act } from "react";
import { createRoot } from "react-dom/client";
import { beforeAll, describe, expect, it } from "vitest";
import { TooltipProvider } from "../ui/tooltip.tsx";
import { ContentView } from "./content-view.tsx";
import { mediaIn } from "./media-reference.ts";

beforeAll(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
});

const ID = "AbCdEfGhIjKlMnOpQr-_12";
const reference = (type: string, id = ID): string => `@@@langfuseMedia:type=${type}|id=${id}|source=base64_data_uri@@@`;

function draw(content: ApiContent): HTMLElement {
  const box = document.createElement("div");
  const root = createRoot(box);
  act(() =>
    root.render(
      <TooltipProvider>
        <ContentView content={content} label="Input" />
      </TooltipProvider>,
    ),
  );
  return box;
}

const asked = (part: object): ApiContent =>
  ({ type: "messages", messages: [{ role: "user", parts: [part] }] }) as unknown as ApiContent;

describe("a file that a span names", () => {
  const places: readonly ApiContent[] = [
    { type: "text", text: `see ${reference("image/png")}` },
    { type: "json", value: { picture: reference("image/png") } },
    asked({ type: "uri", modality: "image", uri: reference("image/png") }),
    asked({ type: "blob", content: reference("image/png") }),
    asked({ type: "text", content: reference("image/png") }),
  ];

  it.each(places)("is shown on a click, and fetched no earlier: $type", (content) => {
    const box = draw(content);
    expect(box.querySelector("img")).toBeNull();
    const button = [...box.querySelectorAll("button")].find(({ textContent }) => textContent === "Show image/png");
    act(() => button!.click());
    const image = box.querySelector("img");
    expect(image?.getAttribute("src")).toBe(`/api/v1/media/${ID}`);
    act(() => {
      image!.dispatchEvent(new Event("error"));
    });
    expect(box.textContent).toContain("not kept here");
  });

  it("is played where it is a sound", () => {
    const box = draw({ type: "text", text: reference("audio/wav") });
    expect(box.querySelector("audio")).toBeNull();
    act(() => box.querySelector("button")!.click());
    expect(box.querySelector("audio")?.getAttribute("src")).toBe(`/api/v1/media/${ID}`);
  });

  it("is saved, and not shown, where a browser could run it", () => {
    for (const type of ["image/svg+xml", "text/html", "application/pdf"]) {
      const link = draw({ type: "text", text: reference(type) }).querySelector("a");
      expect([link?.getAttribute("href"), link?.hasAttribute("download")]).toEqual([`/api/v1/media/${ID}`, true]);
    }
  });
});

describe("a text", () => {
  it("names files by whole references only, each once, and at most twenty", () => {
    expect(mediaIn(`${reference("image/png")} ${reference("image/png")}`)).toEqual([{ id: ID, type: "image/png" }]);
    for (const text of ["", "@@@langfuseMedia:", reference("image/png", "../x"), reference('" onerror="1')])
      expect(mediaIn(text)).toEqual([]);
    const many = Array.from({ length: 50 }, (_, number) => reference("image/png", String(number).padStart(22, "a")));
    expect(mediaIn(many.join(" "))).toHaveLength(20);
  });
});
