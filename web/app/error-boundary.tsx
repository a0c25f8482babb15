import i18next from "i18next";
import { Component, type ReactNode } from "react";

interface Props {
  readonly children: ReactNode;
  /** What broke, in the user's words. */
  readonly what?: string;
}

/** Keeps a fault in one part from taking the page: says what happened and offers to try again. */
export class ErrorBoundary extends Component<Props, { error: Error | undefined }> {
  override state: { error: Error | undefined } = { error: undefined };

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <div className="note error" role="alert">
        <strong>{i18next.t("error.part", { part: this.props.what ?? i18next.t("error.page") })}</strong>
        <span>{error.message}</span>
        <span>{i18next.t("error.safe")}</span>
        <div>
          <button type="button" className="button" onClick={() => this.setState({ error: undefined })}>
            {i18next.t("error.retry")}
          </button>
        </div>
      </div>
    );
  }
}
