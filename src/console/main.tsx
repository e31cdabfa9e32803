/** Where the operators' page begins. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { mayPass } from "./api/request.ts";
import { App } from "./app.tsx";

const FRESH_MS = 1_000;
const RETRIES = 1;

const queries = new QueryClient({
  // A server that is away is asked again by whoever looks; the page says so meanwhile.
  defaultOptions: {
    queries: { retry: (failures, error) => failures < RETRIES && mayPass(error), staleTime: FRESH_MS },
  },
});

const root = document.getElementById("page");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  );
}
