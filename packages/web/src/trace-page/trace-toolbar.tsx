import { ChevronDown, ChevronUp, ChevronsDownUp, ChevronsUpDown, Link2, PanelRight, Search } from "lucide-react";
import { type ReactElement, useRef, useState } from "react";
import { runCommand, useCommand } from "../command/use-command.ts";
import { useTraceState } from "../data/use-url-state.ts";
import { formatCount, plural } from "../format/count.ts";
import type { TraceModel } from "../trace/trace-model.ts";
import { IconButton } from "../ui/button.tsx";
import { classes } from "../ui/classes.ts";
import { KeyCaps } from "../ui/key-caps.tsx";
import styles from "./trace-toolbar.module.css";
import type { Run } from "./use-run.ts";
import { viewList } from "./view-list.ts";

interface TraceToolbarProps {
  readonly model: TraceModel;
  readonly run: Run;
  readonly view: string;
  readonly onView: (name: string) => void;
  readonly words: string;
  readonly onWords: (words: string) => void;
}

/** Views, search in the trace, and what works on all of it. */
export function TraceToolbar({ model, run, view, onView, words, onWords }: TraceToolbarProps): ReactElement {
  return (
    <div className={styles.bar} role="toolbar" aria-label="View of the trace">
      <div className={styles.views} role="group" aria-label="View">
        {viewList.map((one) => (
          <button
            key={one.name}
            type="button"
            aria-pressed={one.name === view}
            title={`Key ${one.order}`}
            className={classes(styles.view, one.name === view && styles.chosen)}
            onClick={() => onView(one.name)}
          >
            {one.label}
          </button>
        ))}
      </div>
      <FindInTrace model={model} words={words} onWords={onWords} />
      {run.tied > 0 && <JoinChoice run={run} />}
      <span className={styles.space} />
      {view === "waterfall" && <TreeButtons />}
      <CopyLink />
      <IconButton
        label="Show or hide the details"
        keys={["d"]}
        aria-pressed={model.selectedId !== null}
        onClick={() => runCommand("toggle-details")}
      >
        <PanelRight size={16} aria-hidden />
      </IconButton>
    </div>
  );
}

/** All traces of the run in one tree, or this one. Here, where it moves nothing when it appears. */
function JoinChoice({ run }: { readonly run: Run }): ReactElement {
  const [, change] = useTraceState();
  const choices = [
    { label: `${plural(run.tied + 1, "trace")} joined`, isChosen: !run.isAlone, alone: null },
    { label: "This trace alone", isChosen: run.isAlone, alone: "yes" },
  ] as const;
  return (
    <div className={styles.views} role="group" aria-label="Traces of the run">
      {choices.map(({ label, isChosen, alone }) => (
        <button
          key={label}
          type="button"
          aria-pressed={isChosen}
          className={classes(styles.view, isChosen && styles.chosen)}
          onClick={() => change({ alone })}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

function TreeButtons(): ReactElement {
  return (
    <>
      <IconButton label="Open everything" keys={["]"]} onClick={() => runCommand("open-all")}>
        <ChevronsUpDown size={16} aria-hidden />
      </IconButton>
      <IconButton label="Close everything" keys={["["]} onClick={() => runCommand("close-all")}>
        <ChevronsDownUp size={16} aria-hidden />
      </IconButton>
    </>
  );
}

function CopyLink(): ReactElement {
  const [copied, setCopied] = useState(false);
  return (
    <IconButton
      label={copied ? "Copied" : "Copy a link to what is shown"}
      keys={["c"]}
      onClick={() => {
        runCommand("copy-link");
        setCopied(true);
      }}
      onPointerLeave={() => setCopied(false)}
    >
      <Link2 size={16} aria-hidden />
    </IconButton>
  );
}

type FindProps = Pick<TraceToolbarProps, "model" | "words" | "onWords">;

function FindInTrace({ model, words, onWords }: FindProps): ReactElement {
  const input = useRef<HTMLInputElement>(null);
  useCommand("find-in-trace", () => {
    input.current?.focus();
    input.current?.select();
  });
  const found = model.found ?? [];
  const at = model.selected === undefined ? -1 : found.indexOf(model.selected);
  const go = (step: number): void => {
    const next = found[(at + step + found.length) % Math.max(1, found.length)];
    if (next !== undefined) model.select(next);
  };
  return (
    <search className={styles.find}>
      <Search size={14} className={styles.sign} aria-hidden />
      <input
        ref={input}
        className={styles.input}
        value={words}
        placeholder="Find in this trace"
        aria-label="Find in this trace"
        onChange={(event) => onWords(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") go(event.shiftKey ? -1 : 1);
          else if (event.key === "Escape") {
            onWords("");
            input.current?.blur();
          }
        }}
      />
      {model.found === undefined ? (
        <KeyCaps keyName="/" />
      ) : (
        <span className={styles.result} role="status">
          {found.length === 0 ? "none" : `${at === -1 ? "" : `${formatCount(at + 1)} of `}${formatCount(found.length)}`}
        </span>
      )}
      {found.length > 0 && (
        <>
          <button type="button" className={styles.step} aria-label="Previous match" onClick={() => go(-1)}>
            <ChevronUp size={14} aria-hidden />
          </button>
          <button type="button" className={styles.step} aria-label="Next match" onClick={() => go(1)}>
            <ChevronDown size={14} aria-hidden />
          </button>
        </>
      )}
    </search>
  );
}
