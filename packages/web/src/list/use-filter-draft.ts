import { type FilterError, parseFilter, printFilter } from "@telltale/model";
import { type ComponentProps, type RefObject, useEffect, useRef, useState } from "react";

type Handlers = Required<Pick<ComponentProps<"input">, "onChange" | "onFocus" | "onBlur" | "onSelect">>;

/** A filter while it is typed. */
export interface FilterDraft {
  readonly text: string;
  readonly caret: number;
  /** Whether suggestions may be shown. */
  readonly isOpen: boolean;
  /** Told when the text was submitted or left, not at every letter. */
  readonly error: FilterError | undefined;
  /** Takes a text over and puts the caret into it. */
  edit(text: string, caret: number): void;
  /** Makes the text the filter, if it can be read. */
  submit(): void;
  clear(): void;
  /** Closes the suggestions, or leaves the field when there are none. */
  leave(isListOpen: boolean): void;
  readonly handlers: Handlers;
}

/** Keeps what is typed apart from the filter in the address until it is submitted. */
export function useFilterDraft(
  filter: string,
  onFilter: (filter: string) => void,
  input: RefObject<HTMLInputElement | null>,
): FilterDraft {
  const [draft, setDraft] = useState({ text: filter, caret: 0, isFocused: false, isClosed: false, isTyping: false });
  const set = (change: Partial<typeof draft>): void => setDraft((now) => ({ ...now, ...change }));
  const moveCaret = useCaret(input);
  useEffect(() => setDraft((now) => ({ ...now, text: filter })), [filter]);
  const parsed = parseFilter(draft.text);
  const submit = (): void => {
    set({ isTyping: false });
    if (!("filter" in parsed)) return;
    const text = printFilter(parsed.filter);
    set({ isClosed: true, text });
    if (text !== filter) onFilter(text);
  };
  const edit = (text: string, caret: number): void => set({ text, caret, isClosed: false, isTyping: true });
  return {
    text: draft.text,
    caret: draft.caret,
    isOpen: draft.isFocused && !draft.isClosed,
    error: "error" in parsed && !(draft.isTyping && draft.isFocused) ? parsed.error : undefined,
    edit: (text, caret) => {
      moveCaret(caret);
      edit(text, caret);
    },
    submit,
    clear: () => {
      edit("", 0);
      onFilter("");
      input.current?.focus();
    },
    leave: (isListOpen) => (isListOpen ? set({ isClosed: true }) : input.current?.blur()),
    handlers: {
      onChange: ({ target }) => edit(target.value, target.selectionStart ?? target.value.length),
      onFocus: () => set({ isFocused: true, isClosed: false }),
      onBlur: () => {
        set({ isFocused: false });
        submit();
      },
      onSelect: ({ currentTarget }) => set({ caret: currentTarget.selectionStart ?? 0 }),
    },
  };
}

/** React puts the caret at the end of a text that it changes; this puts it where it belongs afterwards. */
function useCaret(input: RefObject<HTMLInputElement | null>): (caret: number) => void {
  const wanted = useRef<number | null>(null);
  useEffect(() => {
    if (wanted.current === null) return;
    input.current?.setSelectionRange(wanted.current, wanted.current);
    wanted.current = null;
  });
  return (caret) => {
    wanted.current = caret;
  };
}
