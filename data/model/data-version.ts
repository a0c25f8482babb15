/** What a county's data version is made of: loads, and transactions that changed cases since (docs/data-plane.md). */
export interface Versions {
  /** `county_profile.content_version`, as text: it counts beyond 2^53. */
  readonly contentVersion: string;
  /** `county_profile.live_version`, as text. */
  readonly liveVersion: string;
}

/** The data version as text, `content.live`: equal texts mean equal cases. */
export const dataVersion = ({ contentVersion, liveVersion }: Versions): string => `${contentVersion}.${liveVersion}`;
