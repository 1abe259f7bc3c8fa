/** What the screens of the lock may ask for; src/lock implements it. */

/** The lock of an app that is open. */
export interface LockControl {
  /** Say whether this phone can unlock by fingerprint, face or its own PIN. */
  hasAuthenticator(): Promise<boolean>;
  /** Lock the store under a PIN. */
  setPin(pin: string): Promise<void>;
  /** Lock the store under a new passkey. False where this phone's passkeys can't do that. */
  setPasskey(): Promise<boolean>;
  /** The lock opens with a PIN, not with a passkey. */
  readonly hasPin: boolean;
  /** Change the PIN. Returns why it stays as it is, in words for the officer; null when it is changed. */
  changePin(oldPin: string, newPin: string): Promise<string | null>;
  /** Save everything and lock the app, in every tab. */
  lockNow(): Promise<void>;
}

/** An app that is locked: it can say nothing about anybody. */
export interface LockedApp {
  readonly hasPin: boolean;
  readonly hasPasskey: boolean;
  /** Drafts, and captures that the server has not confirmed. */
  readonly unsentCount: number;
  /** Open the app. Returns why it stays locked, in words for the officer; null when it opens. */
  unlockWithPin(pin: string): Promise<string | null>;
  unlockWithPasskey(): Promise<string | null>;
  /** Open a new, empty part of the app. What is locked stays on the phone. */
  startAgain(): Promise<void>;
}
