import { Search, X } from "lucide-react";
import { parseFilter, printFilter } from "@telltale/model";
import type { Facets } from "@telltale/server/api-types";
import { type KeyboardEvent, type ReactElement, type RefObject, useEffect, useId, useRef, useState } from "react";
import { classes } from "../ui/classes.ts";
import { KeyCaps } from "../ui/key-caps.tsx";
import styles from "./filter-bar.module.css";
import { type Suggestion, suggestions } from "./filter-suggestions.ts";
import { SuggestionList } from "./suggestion-list.tsx";

interface FilterBarProps {
  /** The filter in the address. */
  readonly filter: string;
  readonly onFilter: (filter: string) => void;
  readonly facets: Facets | undefined;
  readonly input: RefObject<HTMLInputElement | null>;
}

/** The filter as text. What is typed becomes the filter on Enter or when the bar is left, if it can be read. */
export function FilterBar({ filter, onFilter, facets, input }: FilterBarProps): ReactElement {
  const draft = useDraft(filter, onFilter, input);
  const [picked, setPicked] = useState(-1);
  const list = useId();
  const isOpen = draft.isFocused && !draft.isClosed;
  const offered = isOpen ? suggestions(draft.text, draft.caret, facets) : [];
  const accept = (suggestion: Suggestion): void => {
    draft.edit(
      draft.text.slice(0, suggestion.from) + suggestion.insert + draft.text.slice(suggestion.to).trimStart(),
      suggestion.from + suggestion.insert.length,
    );
    setPicked(-1);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const choice = offered[picked];
    if (step !== undefined && offered.length > 0) setPicked((picked + step + offered.length) % offered.length);
    else if ((event.key === "Enter" || event.key === "Tab") && choice !== undefined) accept(choice);
    else if (event.key === "Enter") draft.submit();
    else if (event.key === "Escape") draft.leave(offered.length > 0);
    else {
      setPicked(-1);
      return;
    }
    event.preventDefault();
  };
  return (
    <search className={styles.filter}>
      <div className={classes(styles.box, draft.error && styles.wrong)}>
        <Search size={15} className={styles.sign} aria-hidden />
        <input
          ref={input}
          {...draft.handlers}
          value={draft.text}
          onKeyDown={onKeyDown}
          className={styles.input}
          placeholder="Filter: status:error  model:gpt-4o*  cost:>0.01  or any words"
          aria-label="Filter traces"
          aria-invalid={draft.error !== undefined}
          aria-describedby={draft.error ? `${list}-error` : undefined}
          role="combobox"
          aria-expanded={offered.length > 0}
          aria-controls={`${list}-list`}
          aria-activedescendant={picked >= 0 ? `${list}-${picked}` : undefined}
          autoComplete="off"
          spellCheck={false}
        />
        {draft.text === "" ? (
          <KeyCaps keyName="/" />
        ) : (
          <button type="button" className={styles.clear} aria-label="Clear the filter" onClick={draft.clear}>
            <X size={14} aria-hidden />
          </button>
        )}
      </div>
      <SuggestionList
        id={list}
        suggestions={offered}
        picked={picked}
        onAccept={accept}
        below={draft.error !== undefined}
      />
      {draft.error && <FilterMistake id={`${list}-error`} text={draft.text} error={draft.error} />}
    </search>
  );
}

type Mistake = { readonly message: string; readonly position: number; readonly hint: string };

/** The text with the place of the mistake marked below it. */
function FilterMistake({
  id,
  text,
  error,
}: {
  readonly id: string;
  readonly text: string;
  readonly error: Mistake;
}): ReactElement {
  const from = Math.max(0, error.position - 40);
  return (
    <div id={id} className={styles.mistake} role="alert">
      <pre className={styles.place} aria-hidden="true">
        {`${text.slice(from, from + 80)}\n${" ".repeat(error.position - from)}▲`}
      </pre>
      <p>
        <strong>
          At character {error.position + 1}: {error.message}.
        </strong>{" "}
        Try: {error.hint}
      </p>
    </div>
  );
}

interface Draft {
  readonly text: string;
  readonly caret: number;
  readonly isFocused: boolean;
  readonly isClosed: boolean;
  readonly error: Mistake | undefined;
  edit(text: string, caret: number): void;
  submit(): void;
  clear(): void;
  leave(isListOpen: boolean): void;
  readonly handlers: Pick<React.ComponentProps<"input">, "onChange" | "onFocus" | "onBlur" | "onSelect">;
}

function useDraft(
  filter: string,
  onFilter: (filter: string) => void,
  input: RefObject<HTMLInputElement | null>,
): Draft {
  const [text, setText] = useState(filter);
  const [caret, setCaret] = useState(0);
  const [isFocused, setFocused] = useState(false);
  const [isClosed, setClosed] = useState(false);
  const [showsError, setShowsError] = useState(true);
  const wantedCaret = useRef<number | null>(null);
  useEffect(() => setText(filter), [filter]);
  useEffect(() => {
    if (wantedCaret.current === null) return;
    input.current?.setSelectionRange(wantedCaret.current, wantedCaret.current);
    wantedCaret.current = null;
  });
  const parsed = parseFilter(text);
  const submit = (): void => {
    setShowsError(true);
    if (!("filter" in parsed)) return;
    setClosed(true);
    const printed = printFilter(parsed.filter);
    setText(printed);
    if (printed !== filter) onFilter(printed);
  };
  const edit = (next: string, at: number): void => {
    setText(next);
    setCaret(at);
    setClosed(false);
    setShowsError(false);
  };
  return {
    text,
    caret,
    isFocused,
    isClosed,
    error: "error" in parsed && (showsError || !isFocused) ? parsed.error : undefined,
    edit: (next, at) => {
      wantedCaret.current = at;
      edit(next, at);
    },
    submit,
    clear: () => {
      setText("");
      onFilter("");
      input.current?.focus();
    },
    leave: (isListOpen) => (isListOpen ? setClosed(true) : input.current?.blur()),
    handlers: {
      onChange: (event) => edit(event.target.value, event.target.selectionStart ?? event.target.value.length),
      onFocus: () => {
        setFocused(true);
        setClosed(false);
      },
      onBlur: () => {
        setFocused(false);
        submit();
      },
      onSelect: (event) => setCaret(event.currentTarget.selectionStart ?? 0),
    },
  };
}
