import { Plus, X } from "lucide-react";
import type { ReactElement } from "react";
import { Button, IconButton } from "../ui/button.tsx";
import { SelectField, TextField } from "../ui/field.tsx";
import type { BudgetCondition, DraftProblems } from "./budget-draft.ts";
import { BUDGET_KEYS } from "./budget-words.ts";
import styles from "./budget-dialog.module.css";

interface BudgetConditionsProps {
  readonly conditions: readonly BudgetCondition[];
  readonly problems: DraftProblems;
  readonly onConditions: (conditions: readonly BudgetCondition[]) => void;
}

const KEYS = BUDGET_KEYS.map((key) => ({ value: key, label: key }));

/** What a budget is narrowed to: a line for each key and its value. */
export function BudgetConditions({ conditions, problems, onConditions }: BudgetConditionsProps): ReactElement {
  const change = (place: number, part: Partial<BudgetCondition>): void =>
    onConditions(conditions.map((one, index) => (index === place ? { ...one, ...part } : one)));
  const next = BUDGET_KEYS.find((key) => !conditions.some((one) => one.key === key));
  const together = problems.get("covers");
  return (
    <fieldset className={styles.conditions}>
      <legend>Covers {conditions.length === 0 ? "everything" : "only spend with"}</legend>
      {conditions.map(({ key, value }, index) => (
        // A line is its place: its key may change, and there may be two of a key until it is said.
        <div key={index} className={styles.condition}>
          <SelectField
            label="Key"
            choices={KEYS}
            value={key}
            onChange={(chosen) => change(index, { key: BUDGET_KEYS.find((one) => one === chosen) ?? key })}
          />
          <TextField
            label={`Which ${key}`}
            value={value}
            problem={problems.get(`covers.${key}`)}
            onChange={(text) => change(index, { value: text })}
          />
          <IconButton
            label={`Not only this ${key}`}
            onClick={() => onConditions(conditions.filter((_, place) => place !== index))}
          >
            <X size={15} aria-hidden />
          </IconButton>
        </div>
      ))}
      {next !== undefined && (
        <Button onClick={() => onConditions([...conditions, { key: next, value: "" }])}>
          <Plus size={14} aria-hidden />
          Narrow it
        </Button>
      )}
      {together !== undefined && (
        <p role="alert" className={styles.problem}>
          {together}
        </p>
      )}
    </fieldset>
  );
}
