import { type ReactElement, type ReactNode, useId } from "react";
import styles from "./field.module.css";

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What is wrong with the value, said below it. */
  readonly problem?: string | undefined;
}

interface TextFieldProps extends FieldProps {
  readonly placeholder?: string | undefined;
  readonly type?: "text" | "date" | undefined;
}

/** A line of text, or a day, below its label. */
export function TextField({ label, value, onChange, problem, type = "text", ...rest }: TextFieldProps): ReactElement {
  const id = useId();
  return (
    <Labelled id={id} label={label} problem={problem}>
      <input
        {...rest}
        id={id}
        type={type}
        className={styles.input}
        value={value}
        autoComplete="off"
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : `${id}-problem`}
        onChange={(event) => onChange(event.target.value)}
      />
    </Labelled>
  );
}

interface SelectFieldProps extends FieldProps {
  readonly choices: readonly { readonly value: string; readonly label: string }[];
}

/** One of some choices, below its label. */
export function SelectField({ label, value, onChange, problem, choices }: SelectFieldProps): ReactElement {
  const id = useId();
  return (
    <Labelled id={id} label={label} problem={problem}>
      <select
        id={id}
        className={styles.input}
        value={value}
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : `${id}-problem`}
        onChange={(event) => onChange(event.target.value)}
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

interface LabelledProps {
  readonly id: string;
  readonly label: string;
  readonly problem: string | undefined;
  readonly children: ReactNode;
}

function Labelled({ id, label, problem, children }: LabelledProps): ReactElement {
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {children}
      {problem !== undefined && (
        <span id={`${id}-problem`} role="alert" className={styles.problem}>
          {problem}
        </span>
      )}
    </div>
  );
}
