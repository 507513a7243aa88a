import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { BudgetStatus } from "@telltale/server/api-types";
import { Trash2 } from "lucide-react";
import { type ReactElement, type SyntheticEvent, useState } from "react";
import { ApiFailure, deleteBudget, putBudget } from "../data/client.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { SelectField, TextField } from "../ui/field.tsx";
import { BudgetConditions } from "./budget-conditions.tsx";
import {
  type BudgetDraft,
  draftOf,
  type DraftPlace,
  type DraftProblems,
  EMPTY_DRAFT,
  formOf,
  ownProblems,
  problemsOf,
} from "./budget-draft.ts";
import { BUDGET_KEYS, PERIOD_WORDS } from "./budget-words.ts";
import styles from "./budget-dialog.module.css";

interface BudgetDialogProps {
  /** The budget that is changed; a new one is made when absent. */
  readonly budget: BudgetStatus | undefined;
  /** Names of all budgets. */
  readonly names: readonly string[];
  readonly onClose: () => void;
}

const PERIODS = Object.entries(PERIOD_WORDS).map(([value, label]) => ({ value, label }));
const EACH = [
  { value: "", label: "all of it together" },
  ...BUDGET_KEYS.map((key) => ({ value: key, label: `each ${key} by itself` })),
];

/** Makes, changes or takes away a budget. What is wrong is said at its field, by the server that checks it. */
export function BudgetDialog({ budget, names, onClose }: BudgetDialogProps): ReactElement {
  const [draft, setDraft] = useState(() => (budget ? draftOf(budget) : EMPTY_DRAFT));
  const [problems, setProblems] = useState<DraftProblems>(new Map());
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (work: () => Promise<unknown>) => work(),
    onSettled: () => client.invalidateQueries({ queryKey: ["budgets"] }),
    onSuccess: onClose,
    onError: (error) => setProblems(problemsIn(error)),
  });
  const save = (event: SyntheticEvent): void => {
    event.preventDefault();
    const own = ownProblems(
      draft,
      names.filter((name) => name !== budget?.name),
    );
    setProblems(own);
    if (own.size === 0) change.mutate(() => saved(draft, budget));
  };
  const title = budget ? `Edit ${budget.name}` : "Add a budget";
  return (
    <Dialog label={title} onClose={onClose} className={styles.dialog}>
      <form className={styles.form} noValidate onSubmit={save}>
        <header className={styles.head}>
          <h2>{title}</h2>
        </header>
        <div className={styles.body}>
          <Fields draft={draft} problems={problems} onDraft={setDraft} />
        </div>
        <footer className={styles.foot}>
          {budget && (
            <Button
              look="quiet"
              disabled={change.isPending}
              onClick={() => change.mutate(() => deleteBudget(budget.name))}
            >
              <Trash2 size={14} aria-hidden />
              Remove
            </Button>
          )}
          <span className={styles.space} />
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={change.isPending}>
            {budget ? "Save" : "Add"}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

const OF_TRACES: ReadonlySet<string> = new Set(["user", "session", "tag"]);

function isOfTraces({ each, conditions }: BudgetDraft): boolean {
  return OF_TRACES.has(each) || conditions.some(({ key }) => OF_TRACES.has(key));
}

/** Under a new name it is made before the old one is taken away: what fails in between loses nothing. */
async function saved(draft: BudgetDraft, budget: BudgetStatus | undefined): Promise<void> {
  const form = formOf(draft);
  await putBudget(form);
  if (budget && budget.name !== form.name) await deleteBudget(budget.name);
}

function problemsIn(error: Error): DraftProblems {
  const isAboutDraft = error instanceof ApiFailure && error.code === "bad-budget";
  return isAboutDraft ? problemsOf(error.message) : new Map<DraftPlace, string>([["", error.message]]);
}

interface FieldsProps {
  readonly draft: BudgetDraft;
  readonly problems: DraftProblems;
  readonly onDraft: (draft: BudgetDraft) => void;
}

function Fields({ draft, problems, onDraft }: FieldsProps): ReactElement {
  const field = (name: "name" | "amount" | "period" | "each" | "thresholds") => ({
    value: draft[name],
    problem: problems.get(name),
    onChange: (value: string) => onDraft({ ...draft, [name]: value }),
  });
  const other = problems.get("");
  return (
    <>
      <TextField label="Name" placeholder="users" {...field("name")} />
      <div className={styles.pair}>
        <TextField label="Amount in US dollars" placeholder="25.00" {...field("amount")} />
        <SelectField label="Period, in UTC" choices={PERIODS} {...field("period")} />
      </div>
      <SelectField label="The amount is for" choices={EACH} {...field("each")} />
      <BudgetConditions
        conditions={draft.conditions}
        problems={problems}
        onConditions={(conditions) => onDraft({ ...draft, conditions })}
      />
      {isOfTraces(draft) && (
        <p className={styles.remark}>
          A user, a session and a tag belong to whole traces: each counts in the period in which it began, and under
          every one of its tags.
        </p>
      )}
      <TextField label="Say so at, in per cent" placeholder="80, 100" {...field("thresholds")} />
      {other !== undefined && (
        <p role="alert" className={styles.problem}>
          {other}
        </p>
      )}
    </>
  );
}
