/** What one viewer's sockets may cost. */
export interface LiveLimits {
  /** Sockets of one account, token or kiosk at once: a command centre shows one wall on some screens. */
  readonly socketsPerViewer: number;
  /** Sockets of all. */
  readonly sockets: number;
  /** Subscriptions of one socket at once. */
  readonly subscriptions: number;
  /** How often it is asked whether whoever opened a socket may still be here, ms. */
  readonly checkEveryMs: number;
}

export const LIVE_LIMITS: LiveLimits = {
  socketsPerViewer: 50,
  sockets: 2_000,
  subscriptions: 10,
  checkEveryMs: 4_000,
};

/** Largest message that a client may send, bytes: a subscription is a document and some variables. */
export const MAX_MESSAGE_BYTES = 32 * 1024;
/** A beat that the client sees in this time, ms: three missing ones are a dead connection in less than 10 s. */
export const BEAT_MS = 3_000;
/**
 * What may wait for one client that does not read, bytes, some hundred changes: beyond, nothing more is kept for it, and it
 * gets one RESET when it reads again. With `sockets` it bounds what slow clients can cost the server.
 */
export const MAX_BUFFERED_BYTES = 256 * 1024;
