import type { RecordedAnswer } from '../capture/recorded';
import { formatPostcode, spokesperson, victimName, type CrimeForm } from '../capture/crime';

/** What the phone knows of a crime, so that nothing is typed twice for a statement or a photo. */
export interface CrimeCard {
  id: string;
  /** Empty until the server gives one, where no number was left on the phone. */
  number: string;
  /** The number came after the officer had left: the victim is still to be told. */
  mustTellVictim?: boolean;
  victimName?: string;
  /** Nobody but the State is the victim. Missing in a card of an earlier version of the app. */
  isAgainstState?: boolean;
  /** Not safe to ring or write to: whoever hurt them might see it. */
  isUnsafe?: boolean;
  business?: { id: string; name: string; isThere: boolean };
  offence: string;
  recordedAt: string;
  place: string;
  postcode: string;
  officerId: string;
  /** What was recorded, to be read again; missing in a card of an earlier version of the app. */
  summary?: string;
  /** Domestic abuse: a risk assessment of the victim is due. */
  isDomestic?: boolean;
  recorded?: readonly RecordedAnswer[];
  /** As typed, for another crime of the same night. */
  occurredFrom?: string;
  occurredTo?: string;
  person: {
    personId: string;
    name: string;
    bornOn: string;
    address: string;
    postcode: string;
    phone: string;
    email: string;
  };
}

/** Build the card of a crime from its form, as it is sealed. */
export function buildCrimeCard({
  id,
  number,
  offence,
  at,
  officerId,
  mustTellVictim,
  form,
  recorded,
}: {
  id: string;
  number: string | null;
  offence: string;
  at: Date;
  officerId: string;
  mustTellVictim: boolean;
  form: CrimeForm;
  recorded: readonly RecordedAnswer[];
}): CrimeCard {
  const business = {
    id: form.personId,
    name: victimName(form),
    isThere: form.livesThere ?? false,
  };
  return {
    id,
    number: number ?? '',
    offence,
    recordedAt: at.toISOString(),
    place: form.address.trim(),
    postcode: formatPostcode(form.postcode),
    officerId,
    mustTellVictim,
    isUnsafe: form.isUnsafe ?? false,
    victimName: victimName(form),
    isAgainstState: form.victimKind === 'state',
    person: spokesperson(form),
    summary: form.summary.trim(),
    isDomestic: form.answers?.domestic === 'yes',
    recorded,
    occurredFrom: form.occurredFrom,
    occurredTo: form.occurredTo,
    ...(form.victimKind === 'business' ? { business } : {}),
  };
}
