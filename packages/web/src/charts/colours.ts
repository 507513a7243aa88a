/** Reads tokens as colours that a canvas understands; `light-dark()` is resolved for the element's scheme. */
export function readColours(element: HTMLElement, tokens: readonly string[]): string[] {
  const probe = document.createElement("span");
  probe.style.transition = "none";
  element.append(probe);
  const colours = tokens.map((token) => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  });
  probe.remove();
  return colours;
}
