import { type ReactElement, Suspense, useEffect, useState } from "react";
import { Route, Switch, useLocation } from "wouter";
import { useCommand } from "./command/use-command.ts";
import { listenLive } from "./data/live.ts";
import { setPreferences, type Theme, usePreferences } from "./data/preferences.ts";
import { MissingAddress } from "./missing/missing-address.tsx";
import styles from "./shell.module.css";
import { CommandPalette } from "./shell/command-palette.tsx";
import { ErrorBoundary } from "./shell/error-boundary.tsx";
import { KeyHelp } from "./shell/key-help.tsx";
import { pageList } from "./shell/page-list.ts";
import { Rail } from "./shell/rail.tsx";
import { LoadingNote } from "./ui/note.tsx";
import { TooltipProvider } from "./ui/tooltip.tsx";

const NEXT_THEME: { readonly [theme in Theme]: Theme } = { system: "light", light: "dark", dark: "system" };

/** The frame of every page: navigation, palette, key help, and a net under each page. */
export function Shell(): ReactElement {
  const [open, setOpen] = useState<"palette" | "keys" | null>(null);
  const [path, navigate] = useLocation();
  const theme = usePreferences((preferences) => preferences.theme);
  // Every page shows whether the feed flows, also those that do not use it.
  useEffect(() => listenLive(() => undefined), []);
  useCommand("open-palette", () => setOpen("palette"));
  useCommand("show-keys", () => setOpen("keys"));
  useCommand("toggle-theme", () => setPreferences({ theme: NEXT_THEME[theme] }));
  useCommand("go-traces", () => navigate("/"));
  useCommand("go-query", () => navigate("/query"));
  useCommand("go-cost", () => navigate("/cost"));
  useCommand("go-budgets", () => navigate("/budgets"));
  useCommand("go-prices", () => navigate("/prices"));
  return (
    <TooltipProvider>
      <div className={styles.shell}>
        <a className={styles.skip} href="#main">
          Skip to the page
        </a>
        <Rail />
        <main id="main" className={styles.main} tabIndex={-1}>
          <ErrorBoundary key={path}>
            <Suspense fallback={<LoadingNote label="Loading the page" />}>
              <Switch>
                {pageList.map((page) => (
                  <Route key={page.name} path={page.path} component={page.Component} />
                ))}
                <Route component={MissingAddress} />
              </Switch>
            </Suspense>
          </ErrorBoundary>
        </main>
        {open === "palette" && <CommandPalette onClose={() => setOpen(null)} />}
        {open === "keys" && <KeyHelp onClose={() => setOpen(null)} />}
      </div>
    </TooltipProvider>
  );
}
