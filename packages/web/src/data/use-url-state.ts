import { useCallback, useMemo } from "react";
import { useLocation, useSearch } from "wouter";
import {
  readTracesState,
  readTraceState,
  type TracesState,
  type TraceState,
  writeTracesState,
  writeTraceState,
} from "./url-state.ts";

/** Changes some of a state. With `replace` the step back in history does not stop here. */
export type Change<State> = (change: Partial<State>, options?: { replace?: boolean }) => void;

function useUrlState<State>(read: (search: string) => State, write: (state: State) => string): [State, Change<State>] {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const state = useMemo(() => read(search), [read, search]);
  const change: Change<State> = useCallback(
    (part, options) => {
      // The address as it is now: two changes may follow each other before React draws again.
      const current = read(window.location.search);
      navigate(path + write({ ...current, ...part }), { replace: options?.replace ?? false });
    },
    [navigate, path, read, write],
  );
  return [state, change];
}

/** The traces page's part of the address. */
export function useTracesState(): [TracesState, Change<TracesState>] {
  return useUrlState(readTracesState, writeTracesState);
}

/** The trace page's part of the address. */
export function useTraceState(): [TraceState, Change<TraceState>] {
  return useUrlState(readTraceState, writeTraceState);
}
