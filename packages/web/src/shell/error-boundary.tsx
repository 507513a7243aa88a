import { Component, type ReactNode } from "react";
import { Button } from "../ui/button.tsx";
import { ErrorNote } from "../ui/note.tsx";

interface Props {
  readonly children: ReactNode;
}

interface State {
  readonly error: Error | null;
}

/** Catches what a page throws while drawing, so that the navigation stays. React has only classes for this. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <>
        <ErrorNote
          isPage
          error={new Error(`This page could not be drawn: ${error.message}`)}
          onRetry={() => this.setState({ error: null })}
        />
        <div style={{ textAlign: "center" }}>
          <Button onClick={() => window.location.reload()}>Load everything anew</Button>
        </div>
      </>
    );
  }
}
