import type { ReactElement } from "react";
import { classes } from "../ui/classes.ts";
import type { Suggestion } from "./filter-suggestions.ts";
import styles from "./filter-bar.module.css";

interface SuggestionListProps {
  readonly id: string;
  readonly suggestions: readonly Suggestion[];
  readonly picked: number;
  readonly onAccept: (suggestion: Suggestion) => void;
  /** Something else stands directly under the bar. */
  readonly below: boolean;
}

/** What could be written next. */
export function SuggestionList({ id, suggestions, picked, onAccept, below }: SuggestionListProps): ReactElement {
  return (
    <ul
      id={`${id}-list`}
      className={classes(styles.suggestions, below && styles.below)}
      role="listbox"
      aria-label="Suggestions"
      hidden={suggestions.length === 0}
    >
      {suggestions.map((suggestion, index) => (
        <li
          key={suggestion.label}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === picked}
          className={classes(styles.suggestion, index === picked && styles.picked)}
          // The field must not lose the focus before the click is done.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onAccept(suggestion)}
        >
          <code className={styles.name}>{suggestion.label}</code>
          <span className={styles.help}>{suggestion.help}</span>
        </li>
      ))}
    </ul>
  );
}
