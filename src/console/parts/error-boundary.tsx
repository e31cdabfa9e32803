/** Says that a page is broken, in its place: what stands around it goes on. */
import { Component, type ReactNode } from "react";

interface Props {
  readonly children: ReactNode;
}

export class ErrorBoundary extends Component<Props, { readonly error: Error | null }> {
  override state = { error: null as Error | null };

  static getDerivedStateFromError(error: Error): { readonly error: Error } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <div className="state bad" role="alert">
        <p>This page is broken: {error.message}</p>
        <a href="/console/cluster">Begin anew</a>
      </div>
    );
  }
}
