/** A point in a channel: behind event `seq` of that numbering, in that history of the database. */
export interface Position {
  /** The numbering; null before the channel's first event. */
  readonly epoch: string | null;
  /** The history: changes when a standby is promoted or a backup restored, after which old numbers may mean other events. */
  readonly timeline: string;
  readonly seq: number;
}

const CURSOR = /^(?<epoch>[0-9a-f-]{36}|)\.(?<timeline>[0-9A-F]{8})\.(?<seq>0|[1-9][0-9]{0,15})$/;

/** A position as the opaque text that clients keep. */
export function cursorOf({ epoch, timeline, seq }: Position): string {
  return Buffer.from(`${epoch ?? ''}.${timeline}.${seq}`).toString('base64url');
}

/** The position behind a cursor, or null when the text is no cursor. Never throws. */
export function parseCursor(cursor: string): Position | null {
  const found = CURSOR.exec(Buffer.from(cursor, 'base64url').toString())?.groups;
  const seq = Number(found?.seq);
  if (!found?.timeline || !Number.isSafeInteger(seq)) return null;
  return { epoch: found.epoch || null, timeline: found.timeline, seq };
}
