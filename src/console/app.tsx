/** The page: who is signed in, where one is, and the pages by their addresses. */
import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link, Redirect, Route, Router, Switch } from "wouter";
import { useLive } from "./api/live.ts";
import { AuditPage } from "./pages/audit-page.tsx";
import { ClusterPage } from "./pages/cluster-page.tsx";
import { ConflictsPage } from "./pages/conflicts-page.tsx";
import { DocumentPage } from "./pages/document-page.tsx";
import { LeaderboardsPage } from "./pages/leaderboards-page.tsx";
import { MatchPage } from "./pages/match-page.tsx";
import { MatchesPage } from "./pages/matches-page.tsx";
import { PlayerPage } from "./pages/player-page.tsx";
import { PlayersPage } from "./pages/players-page.tsx";
import { SignInPage } from "./pages/sign-in-page.tsx";
import { ErrorBoundary } from "./parts/error-boundary.tsx";
import { Title } from "./parts/title.tsx";
import { Places } from "./places.tsx";
import { signOut, useSession } from "./session.ts";

export function App(): ReactNode {
  const session = useSession();
  return (
    <Router base="/console">{session ? <SignedIn operator={session.operator} /> : <SignInPage />}</Router>
  );
}

function SignedIn({ operator }: { readonly operator: string }): ReactNode {
  const isLive = useLive();
  const queries = useQueryClient();
  return (
    <>
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <header className="top">
        <Link href="/cluster" className="brand">
          Rollcall
        </Link>
        <Places />
        <div className="who">
          <span className={isLive ? "live is-live" : "live"} role="status">
            {isLive ? "live" : "not live"}
          </span>
          {operator !== "" && <span className="operator">{operator}</span>}
          <button
            type="button"
            className="quiet"
            onClick={() => {
              queries.clear();
              signOut();
            }}
          >
            Sign out
          </button>
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        <ErrorBoundary>
          <Switch>
            <Route path="/cluster" component={ClusterPage} />
            <Route path="/players" component={PlayersPage} />
            <Route path="/players/:id">{({ id }) => <PlayerPage key={id} id={id} />}</Route>
            <Route path="/matches" component={MatchesPage} />
            <Route path="/matches/:id">{({ id }) => <MatchPage key={id} id={id} />}</Route>
            <Route path="/leaderboards" component={LeaderboardsPage} />
            <Route path="/documents/:id">{({ id }) => <DocumentPage key={id} id={id} />}</Route>
            <Route path="/conflicts">
              <Title>Conflicts</Title>
              <ConflictsPage />
            </Route>
            <Route path="/audit" component={AuditPage} />
            <Route path="/">
              <Redirect to="/cluster" replace />
            </Route>
            <Route>
              <Title>Nothing is here</Title>
              <h1>Nothing is here</h1>
              <p>No page has this address. What there is, is named above.</p>
            </Route>
          </Switch>
        </ErrorBoundary>
      </main>
    </>
  );
}
