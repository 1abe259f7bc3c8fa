/** What the screens may ask for about files in which a phone saved what waits on it. */

export interface SavedQueue {
  file: Blob;
  name: string;
  /** How many captures are in it. */
  count: number;
  /** How many are not: they can't be read any more, are of another force, or there are too many. */
  leftOut: number;
}

/** How far the server is with a colleague's file. */
export interface CarriedQueue {
  state: 'announced' | 'waiting' | 'bringing-in' | 'done' | 'refused';
  /** Why it was refused, or why the desk decides. */
  message: string;
  total: number;
  received: number;
  refused: number;
}

export interface PhoneFilesControl {
  /** Save what waits on this phone to a file. Null where nothing waits. Works without signal. */
  save(): Promise<SavedQueue | null>;
  /** Send a colleague's file. Throws without signal; to send it again does no harm. */
  carry(file: Blob, onProgress: (sent: number) => void): Promise<CarriedQueue>;
}
