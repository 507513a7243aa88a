import { Search, X } from "lucide-react";
import type { Facets } from "@telltale/server/api-types";
import { type KeyboardEvent, type ReactElement, type RefObject, useId, useState } from "react";
import { classes } from "../ui/classes.ts";
import { KeyCaps } from "../ui/key-caps.tsx";
import styles from "./filter-bar.module.css";
import { type Suggestion, suggestions } from "./filter-suggestions.ts";
import { FilterMistake } from "./filter-mistake.tsx";
import { SuggestionList } from "./suggestion-list.tsx";
import { type FilterDraft, useFilterDraft } from "./use-filter-draft.ts";

interface FilterBarProps {
  /** The filter in the address. */
  readonly filter: string;
  readonly onFilter: (filter: string) => void;
  readonly facets: Facets | undefined;
  readonly input: RefObject<HTMLInputElement | null>;
}

/** The filter as text. What is typed becomes the filter on Enter or when the bar is left, if it can be read. */
export function FilterBar({ filter, onFilter, facets, input }: FilterBarProps): ReactElement {
  const draft = useFilterDraft(filter, onFilter, input);
  const list = useId();
  const { offered, picked, accept, onKeyDown } = useSuggestions(draft, facets);
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

interface Suggested {
  readonly offered: readonly Suggestion[];
  readonly picked: number;
  accept(suggestion: Suggestion): void;
  onKeyDown(event: KeyboardEvent): void;
}

function useSuggestions(draft: FilterDraft, facets: Facets | undefined): Suggested {
  const [picked, setPicked] = useState(-1);
  const offered = draft.isOpen ? suggestions(draft.text, draft.caret, facets) : [];
  const accept = ({ from, to, insert }: Suggestion): void => {
    draft.edit(draft.text.slice(0, from) + insert + draft.text.slice(to).trimStart(), from + insert.length);
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
  return { offered, picked, accept, onKeyDown };
}
