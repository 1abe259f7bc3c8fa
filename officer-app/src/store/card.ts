/** What the app knows of a crime, so that a statement or a photo needs nothing typed twice. */
export interface CrimeCard {
  id: string;
  /** Empty until the server gives one, where none was left on the phone. */
  number: string;
  /** The number came after the officer had left: the victim is still to be told. */
  isToTell?: boolean;
  victimName?: string;
  /** Not to be rung or written to. */
  isUnsafe?: boolean;
  business?: { id: string; name: string; isThere: boolean };
  offence: string;
  recordedAt: string;
  place: string;
  postcode: string;
  officerId: string;
  /** As typed, for another crime of the same night. */
  occurredFrom?: string;
  occurredTo?: string;
  person: { personId: string; name: string; bornOn: string; address: string; postcode: string; phone: string; email: string };
}
