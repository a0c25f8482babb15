import { CHANNELS, type ChannelName } from "../../../api/channels.ts";
import { AUDIT_LOG_OPERATIONS, AUDIT_OPERATIONS } from "./audit-operations.ts";
import { CASE_OPERATIONS } from "./case-operations.ts";
import { COLUMNS_OPERATIONS } from "./columns-operations.ts";
import { COUNT_OPERATIONS } from "./count-operations.ts";
import { EVALUATION_OPERATIONS } from "./evaluation-operations.ts";
import { EXPORT_OPERATIONS } from "./export-operations.ts";
import { IMPORT_LOG_OPERATIONS, IMPORT_OPERATIONS } from "./import-operations.ts";
import { LIVE_OPERATIONS } from "./live-operations.ts";
import { OGC_OPERATIONS } from "./ogc-operations.ts";
import type { OperationMaker } from "./operation.ts";
import { PHOTO_OPERATIONS } from "./photo-operations.ts";
import { PLACE_OPERATIONS } from "./place-operations.ts";
import { PLAN_OPERATIONS } from "./plan-operations.ts";
import { SEARCH_OPERATIONS } from "./search-operations.ts";
import { TILES_OPERATIONS } from "./tiles-operations.ts";

/** Channels that carry a county's data. */
export type DataChannel = {
  [Name in ChannelName]: (typeof CHANNELS)[Name]["carriesData"] extends true ? Name : never;
}[ChannelName];

/** What the differential test asks over each channel with data; a channel without an entry does not compile. */
export const ADAPTERS: Readonly<Record<DataChannel, readonly OperationMaker[]>> = {
  graphql: [
    ...CASE_OPERATIONS,
    ...PLACE_OPERATIONS,
    ...SEARCH_OPERATIONS,
    ...EVALUATION_OPERATIONS,
    ...SEARCH_OPERATIONS,
    ...AUDIT_LOG_OPERATIONS,
    ...IMPORT_LOG_OPERATIONS,
  ],
  columns: [...COLUMNS_OPERATIONS, ...COUNT_OPERATIONS, ...PLAN_OPERATIONS],
  live: LIVE_OPERATIONS,
  tiles: TILES_OPERATIONS,
  photos: PHOTO_OPERATIONS,
  imports: IMPORT_OPERATIONS,
  audit: AUDIT_OPERATIONS,
  export: EXPORT_OPERATIONS,
  ogc: OGC_OPERATIONS,
};

export const DATA_CHANNELS = (Object.keys(CHANNELS) as ChannelName[]).filter(
  (name): name is DataChannel => CHANNELS[name].carriesData,
);
