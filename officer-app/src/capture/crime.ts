/** Record a crime: what is typed, what has to be there, and the body it becomes. */
import { wholeText } from './canonical';
import type { CrimeBody, Mend, Place } from './capture';
import type { KnownPerson } from './statement';
import { isoWithOffset, localField } from './times';

/** Whose crime it is. Of the State alone: drugs, weapons, public order (Home Office Counting Rules, state-based crimes). */
export type VictimKind = 'person' | 'business' | 'state';

/** Everything on the form, as strings, so that a half-finished form is always a valid draft. */
export interface CrimeForm {
  offenceCode: string;
  offenceTyped: string;
  address: string;
  postcode: string;
  /** Set by 'use my location' or by looking the postcode up; never needed. */
  fix: Omit<Place, 'address' | 'postcode'>;
  occurredFrom: string;
  occurredTo: string;
  summary: string;
  givenName: string;
  familyName: string;
  bornOn: string;
  phone: string;
  email: string;
  /** Pressed by the officer, never taken for granted: right at a door, wrong in the street. */
  livesThere?: boolean;
  isUnsafe?: boolean;
  relatedNumber: string;
  personId: string;
  /** Missing in a draft that an earlier version of the app kept. */
  victimKind?: VictimKind;
  businessName?: string;
  /** Who speaks for the business. */
  contactId?: string;
}

export function emptyCrimeForm({ personId, contactId, occurredFrom }: { personId: string; contactId: string; occurredFrom: string }): CrimeForm {
  return {
    offenceCode: '', offenceTyped: '', address: '', postcode: '', fix: {}, occurredFrom, occurredTo: '', summary: '',
    givenName: '', familyName: '', bornOn: '', phone: '', email: '', livesThere: false, relatedNumber: '', personId, victimKind: 'person', businessName: '', contactId,
  };
}

/** Another crime of the same place and night, linked to the first. */
export function crimeFormLike(blank: CrimeForm, like: LikeCrime): CrimeForm {
  return {
    ...blank, address: like.place, postcode: like.postcode, relatedNumber: like.number, occurredFrom: like.occurredFrom || blank.occurredFrom, occurredTo: like.occurredTo,
  };
}

interface LikeCrime {
  number: string;
  place: string;
  postcode: string;
  occurredFrom: string;
  occurredTo: string;
  person: { personId: string; name: string; bornOn: string; address: string; phone: string; email: string };
  business?: { id: string; name: string; isThere: boolean };
  isUnsafe?: boolean;
}

/** The victim of another crime: the same person on record, so nothing of them is typed again. */
export function withVictimOf(form: CrimeForm, like: LikeCrime): CrimeForm {
  const { personId, name, bornOn, phone, email, address } = like.person;
  const cut = name.lastIndexOf(' ');
  const told = { ...form, givenName: name.slice(0, Math.max(cut, 0)), familyName: name.slice(cut + 1), bornOn, phone, email, isUnsafe: like.isUnsafe ?? false };
  const isHere = form.address.trim() === like.place;
  if (like.business === undefined) return { ...told, victimKind: 'person', personId, livesThere: isHere && address !== '' };
  return { ...told, victimKind: 'business', personId: like.business.id, businessName: like.business.name, contactId: personId, livesThere: isHere && like.business.isThere };
}

/** What the victim is called in a list. */
export function victimName(form: CrimeForm): string {
  if (form.victimKind === 'state') return 'The State';
  return form.victimKind === 'business' ? (form.businessName ?? '').trim() : `${form.givenName.trim()} ${form.familyName.trim()}`;
}

/** Who makes the statement, as far as it was told: the victim, or who speaks for the business. */
export function speaker(form: CrimeForm): KnownPerson {
  const isPerson = (form.victimKind ?? 'person') === 'person';
  const lives = isPerson && form.livesThere === true;
  const nobody = form.victimKind === 'state';
  return {
    personId: isPerson ? form.personId : (form.contactId ?? form.personId), name: nobody ? '' : `${form.givenName.trim()} ${form.familyName.trim()}`.trim(),
    bornOn: isPerson ? form.bornOn : '', address: lives ? form.address.trim() : '', postcode: lives ? tidyPostcode(form.postcode) : '',
    phone: nobody ? '' : form.phone.trim(), email: nobody ? '' : form.email.trim(),
  };
}

const ENDS_IN_POSTCODE = /^(.*?)[,\s]+([A-Za-z]{1,2}\d[A-Za-z\d]?\s*\d[A-Za-z]{2})\s*$/s;

/** A postcode typed at the end of the address goes where it belongs. */
export function splitAddress(address: string): { address: string; postcode: string } | null {
  const parts = ENDS_IN_POSTCODE.exec(address);
  return parts === null ? null : { address: (parts[1] ?? '').trim(), postcode: tidyPostcode(parts[2] ?? '') };
}

/** When it happened, by one press: from and to, in the phone's own time. */
export function usualTimes(now: Date): { words: string; from: string; to: string }[] {
  const back = (hours: number): Date => new Date(now.getTime() - hours * 3_600_000);
  const evening = new Date(now);
  if (now.getHours() < 22) evening.setDate(evening.getDate() - 1);
  evening.setHours(22, 0, 0, 0);
  const morning = new Date(evening.getTime() + 8 * 3_600_000);
  const to = morning > now ? now : morning;
  return [
    { words: 'Just now', from: localField(now), to: '' },
    { words: 'In the last hour', from: localField(back(1)), to: localField(now) },
    { words: now.getHours() >= 22 ? 'Since 10pm' : 'Overnight', from: localField(evening), to: localField(to) },
    { words: 'In the last 24 hours', from: localField(back(24)), to: localField(now) },
  ];
}

export const CRIME_NUMBER = /^(\d{2}\/)?\d{7}\/\d{2}$/;

/** Upper case with one space where it belongs; text that is no postcode comes back trimmed. */
export function tidyPostcode(text: string): string {
  const bare = text.toUpperCase().replace(/[^A-Z0-9]/g, '');
  const parts = /^([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})$/.exec(bare);
  return parts === null ? text.trim() : `${parts[1] ?? ''} ${parts[2] ?? ''}`;
}

/** What must be mended before a number can be given: the offence, where, when, what, and whose crime it is (NCRS: victim-based). */
export function mendsForCrime(form: CrimeForm, now: Date): Mend[] {
  const mends: Mend[] = [];
  const need = (field: string, held: boolean, message: string): void => {
    if (!held) mends.push({ field, message });
  };
  need('offence', form.offenceCode !== '', 'Choose the offence from the list: type a few letters of it.');
  need('address', form.address.trim() !== '', 'Say where it happened: a house and street, or the nearest place.');
  need('postcode', form.postcode.trim() === '' || / /.test(tidyPostcode(form.postcode)), 'A postcode looks like SE15 4AA. Leave it empty if you don’t know it.');
  const from = Date.parse(form.occurredFrom);
  need('occurred_from', !Number.isNaN(from), 'Say when it happened. The nearest hour is enough.');
  need('occurred_from', Number.isNaN(from) || from <= now.getTime() + 60_000, 'That time hasn’t come yet. Check the day and the hour.');
  need('occurred_from', Number.isNaN(from) || from >= Date.parse('1900-01-01'), 'Check the year.');
  if (form.occurredTo !== '') {
    const to = Date.parse(form.occurredTo);
    need('occurred_to', to >= from && to <= now.getTime() + 60_000, 'The second time comes after the first, and not after now.');
  }
  need('summary', form.summary.trim() !== '', 'Say in a sentence or two what happened.');
  const kind = form.victimKind ?? 'person';
  need('business_name', kind !== 'business' || (form.businessName ?? '').trim() !== '', 'Write the name of the business.');
  need('given_name', kind !== 'person' || form.givenName.trim() !== '', 'Write the victim’s first name.');
  need('family_name', kind !== 'person' || form.familyName.trim() !== '', 'Write the victim’s last name.');
  const born = kind !== 'person' || form.bornOn === '' ? null : Date.parse(form.bornOn);
  const today = isoWithOffset(now).slice(0, 10);
  need('born_on', born === null || form.bornOn < today, 'A date of birth is in the past.');
  need('born_on', born === null || now.getFullYear() - new Date(born).getFullYear() <= 120, 'Check the year of the date of birth.');
  need('email', kind === 'state' || form.email.trim() === '' || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(form.email.trim()), 'An e-mail address looks like name@example.com.');
  need('related_number', form.relatedNumber.trim() === '' || CRIME_NUMBER.test(form.relatedNumber.trim()), 'A crime number looks like 01/0000123/26.');
  return mends;
}

/** The body of the capture. Call only when `mendsForCrime` found nothing. */
export function crimeBody({ id, form, number, leaseId }: { id: string; form: CrimeForm; number: string | null; leaseId: string | null }): CrimeBody {
  const text = (typed: string): string => wholeText(typed.trim());
  const orNull = (typed: string): string | null => (typed.trim() === '' ? null : text(typed));
  return {
    crime_id: id,
    number,
    lease_id: leaseId,
    offence_code: form.offenceCode,
    occurred_from: isoWithOffset(new Date(form.occurredFrom)),
    occurred_to: form.occurredTo === '' ? null : isoWithOffset(new Date(form.occurredTo)),
    summary: text(form.summary),
    location: { address: text(form.address), postcode: text(tidyPostcode(form.postcode)), ...form.fix },
    victim: form.victimKind === 'state' ? null : {
      person_id: form.personId,
      given_name: text(form.givenName),
      family_name: text(form.familyName),
      born_on: form.victimKind === 'business' ? null : orNull(form.bornOn),
      phone: text(form.phone),
      email: text(form.email),
      address_same: form.livesThere ?? false,
      safe_to_contact: form.isUnsafe !== true,
      ...(form.victimKind === 'business' ? { business_name: text(form.businessName ?? ''), contact_id: form.contactId ?? form.personId } : {}),
    },
    related_number: orNull(form.relatedNumber),
  };
}
