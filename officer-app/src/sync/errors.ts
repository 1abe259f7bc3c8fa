/** Why something could not be sent, as the officer and their supervisor are told. */
import type { ProblemKind } from '../outbox/outbox';

/** The session has ended: the officer has to sign in again. Nothing is lost. */
export class SignedOut extends Error {}

/** The server read it and will never accept these bytes. The message is for the officer. */
export class Refused extends Error {
  /** `isAboutNumber`: it did not accept the crime number, which nobody can correct on the phone. */
  constructor(
    message: string,
    readonly status: number,
    readonly isAboutNumber = false,
  ) {
    super(message);
  }
}

/** The server takes nothing from this phone until it is enrolled, or unblocked. Nothing is lost. */
export class DeviceRefused extends Error {
  constructor(
    message: string,
    readonly state: 'not-enrolled' | 'blocked',
  ) {
    super(message);
  }
}

/** A busy server or a café's login page: anything that may be different in a minute. */
export class TryLater extends Error {
  readonly kind: ProblemKind = 'busy';
  /** `startAgain`: the server lost the upload, or its bytes arrived damaged, so it starts from the beginning. */
  constructor(
    message: string,
    readonly startAgain = false,
  ) {
    super(message);
  }
}

/** The request did not reach the server. */
export class NoSignal extends TryLater {
  override readonly kind = 'no-signal';
  constructor() {
    super('No signal.');
  }
}

/** Something between the phone and our server answered: a guest Wi-Fi that wants the person to sign in. */
export class GuestNetwork extends TryLater {
  override readonly kind = 'portal';
  constructor() {
    super('This Wi-Fi wants you to sign in to it first, or use mobile data.');
  }
}

/** The sentence for a server that could not do it just now. */
export function busyMessage(status: number): string {
  if (status === 429) return 'Our server is busy (429).';
  return status === 507
    ? 'Our server has no room for it at the moment (507).'
    : `Our server can’t take it at the moment (${String(status)}).`;
}
