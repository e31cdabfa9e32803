/** What the browser's tab, history and bookmarks call a page. */
import { useEffect } from "react";

export function Title({ children: page }: { readonly children: string }): null {
  useEffect(() => {
    document.title = `${page} · Rollcall`;
  }, [page]);
  return null;
}
