import type { Filter } from "@telltale/model";
import type { Facets } from "@telltale/server/api-types";
import type { UseQueryResult } from "@tanstack/react-query";
import { CircleSlash } from "lucide-react";
import { type ReactElement, useState } from "react";
import { formatCompact, formatCount } from "../format/count.ts";
import { classes } from "../ui/classes.ts";
import styles from "./facets-panel.module.css";
import { chooseValue, clearField, fieldChoice } from "./filter-facets.ts";

interface FacetsPanelProps {
  readonly answer: UseQueryResult<Facets, Error>;
  /** `undefined` while the filter cannot be read: the facets then only show. */
  readonly filter: Filter | undefined;
  readonly onFilter: (filter: Filter) => void;
}

/** The most frequent values per field. A click asks for a value, the small sign leaves it out. */
export function FacetsPanel({ answer, filter, onFilter }: FacetsPanelProps): ReactElement {
  return (
    <aside className={styles.panel} aria-label="Facets" tabIndex={0}>
      {answer.data?.facets
        .filter((facet) => facet.values.length > 0)
        .map((facet) => (
          <FacetGroup key={facet.field} facet={facet} filter={filter} onFilter={onFilter} />
        ))}
      {answer.isError && <p className={styles.error}>Facets are not available: {answer.error.message}</p>}
      {answer.isLoading && <p className={styles.more}>Loading</p>}
    </aside>
  );
}

type Facet = Facets["facets"][number];

/** Shown before "more" is asked for. */
const SHORT = 6;

interface GroupProps {
  readonly facet: Facet;
  readonly filter: Filter | undefined;
  readonly onFilter: (filter: Filter) => void;
}

function FacetGroup({ facet, filter, onFilter }: GroupProps): ReactElement {
  const [isLong, setLong] = useState(false);
  const choice = fieldChoice(filter ?? { type: "everything" }, facet.field);
  const hasChoice = choice.included.size + choice.excluded.size > 0;
  // What was chosen stays in sight, also when it is rare.
  const known = new Set(facet.values.map(({ value }) => value));
  const missing = [...choice.included, ...choice.excluded].filter((value) => !known.has(value));
  const values = [...missing.map((value) => ({ value, count: 0 })), ...facet.values];
  const shown = isLong ? values : values.slice(0, SHORT);
  return (
    <section className={styles.group} aria-label={facet.field}>
      <header className={styles.head}>
        <h2 className={styles.name}>{facet.field}</h2>
        {hasChoice && filter !== undefined && (
          <button type="button" className={styles.clear} onClick={() => onFilter(clearField(filter, facet.field))}>
            clear
          </button>
        )}
      </header>
      <ul>
        {shown.map(({ value, count }) => (
          <FacetValue key={value} value={value} count={count} facet={facet} filter={filter} onFilter={onFilter} />
        ))}
      </ul>
      {values.length > SHORT && (
        <button type="button" className={styles.toggle} onClick={() => setLong(!isLong)}>
          {isLong ? "Fewer" : `${values.length - SHORT} more`}
        </button>
      )}
      {isLong && facet.more && <p className={styles.more}>The {facet.values.length} most frequent of more</p>}
    </section>
  );
}

function FacetValue({
  value,
  count,
  facet,
  filter,
  onFilter,
}: GroupProps & { readonly value: string; readonly count: number }): ReactElement {
  const choice = fieldChoice(filter ?? { type: "everything" }, facet.field);
  const isIn = choice.included.has(value);
  const isOut = choice.excluded.has(value);
  const choose = (next: "include" | "exclude" | "clear"): void => {
    if (filter !== undefined) onFilter(chooseValue(filter, facet.field, value, next));
  };
  const label = value === "" ? "none" : value;
  return (
    <li className={classes(styles.value, isIn && styles.in, isOut && styles.out)}>
      <button
        type="button"
        className={styles.choose}
        role="checkbox"
        aria-checked={isIn}
        title={label}
        disabled={filter === undefined}
        onClick={() => choose(isIn ? "clear" : "include")}
      >
        <span className={styles.box} aria-hidden="true" />
        <span className={styles.text}>{label}</span>
      </button>
      <button
        type="button"
        className={styles.exclude}
        aria-label={`Leave out ${label}`}
        aria-pressed={isOut}
        title={isOut ? "No longer leave out" : "Leave out"}
        disabled={filter === undefined}
        onClick={() => choose(isOut ? "clear" : "exclude")}
      >
        <CircleSlash size={13} aria-hidden />
      </button>
      <span className={styles.count} title={formatCount(count)}>
        {count === 0 ? "" : formatCompact(count)}
      </span>
    </li>
  );
}
