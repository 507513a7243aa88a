import "./style/reset.css";
import "./style/tokens.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { listenKeys } from "./command/use-command.ts";
import { createQueryClient } from "./data/answers.ts";
import { applyTheme } from "./data/preferences.ts";
import { Shell } from "./shell.tsx";

applyTheme();
listenKeys();

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={createQueryClient()}>
      <Shell />
    </QueryClientProvider>
  </StrictMode>,
);
