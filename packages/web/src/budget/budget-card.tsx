import type { BudgetState, BudgetStatus, BudgetValue } from "@telltale/server/api-types";
import { CircleAlert, CircleCheck, Pencil, TriangleAlert } from "lucide-react";
import { type ReactElement, useId } from "react";
import { Link } from "wouter";
import { formatCount } from "../format/count.ts";
import { exactCost, formatCost } from "../format/money.ts";
import { Badge } from "../ui/badge.tsx";
import { IconButton } from "../ui/button.tsx";
import { BudgetBar } from "./budget-bar.tsx";
import {
  budgetWords,
  countWords,
  resetWords,
  type SpentWords,
  spentWords,
  stateWords,
  tracesAddress,
  utcMinute,
} from "./budget-words.ts";
import styles from "./budgets-page.module.css";

interface BudgetCardProps {
  readonly budget: BudgetStatus;
  readonly now: number;
  readonly onEdit: () => void;
}

/** One budget: what it is, how it stands, and a bar for it or for each of the values that spent most. */
export function BudgetCard({ budget, now, onEdit }: BudgetCardProps): ReactElement {
  const title = useId();
  const { name, each, values, valueCount, from, to } = budget;
  const reset = resetWords(budget, now);
  return (
    <article className={styles.card} aria-labelledby={title}>
      <header className={styles.cardHead}>
        <h2 id={title} className={styles.name}>
          {name}
        </h2>
        <StateBadge state={budget.state} unpricedCalls={unpricedOf(budget)} />
        <IconButton label={`Edit ${name}`} className={styles.edit} onClick={onEdit}>
          <Pencil size={15} aria-hidden />
        </IconButton>
      </header>
      <p className={styles.remark}>
        {budgetWords(budget)}
        {reset !== undefined && from !== null && to !== null && (
          <span title={`${utcMinute(from)} – ${utcMinute(to)}`}>; {reset}</span>
        )}
        {each !== null && <>. {sentence(countWords(budget))}.</>}
      </p>
      {values.length > 0 && (
        <ul className={styles.values}>
          {values.map((value) => (
            <ValueRow key={value.value} budget={budget} value={value} />
          ))}
        </ul>
      )}
      {valueCount > values.length && (
        <p className={styles.remark}>
          The first {formatCount(values.length)} of {formatCount(valueCount)}.
        </p>
      )}
      <Unsure budget={budget} />
    </article>
  );
}

const STATES = {
  fine: { tone: "success", Icon: CircleCheck },
  near: { tone: "warning", Icon: TriangleAlert },
  over: { tone: "error", Icon: CircleAlert },
} as const;

interface StateBadgeProps {
  readonly state: BudgetState;
  readonly unpricedCalls: number;
}

function StateBadge({ state, unpricedCalls }: StateBadgeProps): ReactElement {
  const { tone, Icon } = STATES[state];
  return (
    <Badge tone={tone}>
      <Icon size={12} aria-hidden />
      {stateWords(state, unpricedCalls)}
    </Badge>
  );
}

function ValueRow({ budget, value }: { readonly budget: BudgetStatus; readonly value: BudgetValue }): ReactElement {
  const words: SpentWords = spentWords(value, budget.amountNanos);
  const about = value.value === "" ? budget.name : value.value;
  return (
    <li className={styles.value}>
      {budget.each !== null && (
        <span className={styles.valueName} title={value.value}>
          {value.value}
        </span>
      )}
      <BudgetBar budget={budget} value={value} />
      <span className={styles.figures}>
        <strong title={`${exactCost(value.spentNanos)} of ${exactCost(budget.amountNanos)}`}>{words.spent}</strong>
        <span className={styles.share}>{words.share}</span>
        <span className={styles.left}>{words.left}</span>
        {budget.each !== null && value.state !== "fine" && <StateBadge {...value} />}
      </span>
      <Link href={tracesAddress(budget, value.value)} className={styles.link} aria-label={`Traces behind ${about}`}>
        Traces
      </Link>
    </li>
  );
}

/** What keeps the figures from being all of it: calls without a wholly known cost, and calls that name no value. */
function Unsure({ budget }: { readonly budget: BudgetStatus }): ReactElement | null {
  const { each, unnamed } = budget;
  const unpriced = unpricedOf(budget);
  if (unpriced === 0 && unnamed === null) return null;
  return (
    <p className={styles.remark}>
      {unpriced > 0 && `${callWords(unpriced)} without a wholly known cost: at least this much is spent. `}
      {unnamed !== null &&
        `${callWords(unnamed.calls)} without a ${each}, for ${formatCost(unnamed.spentNanos)}, in none of these.`}
    </p>
  );
}

function unpricedOf({ values }: BudgetStatus): number {
  return values.reduce((sum, { unpricedCalls }) => sum + unpricedCalls, 0);
}

function callWords(count: number): string {
  return `${formatCount(count)} ${count === 1 ? "call" : "calls"}`;
}

function sentence(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
