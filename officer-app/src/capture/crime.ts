/** The crime form: its fields, its checks, and the capture body that is built from it. */
import { replaceHalfCharacters } from './canonical';
import type { Texts } from '../forms/question-set';
import type { AnswersBody, CrimeBody, FieldError, Place } from './capture';
import { BUILT_IN } from './question-sets';
import { parseEmail } from './readers';
import { checkScene } from './scene';
import type { PersonDetails } from './statement';
import { fromLocalInput, isoWithOffset, toLocalInput, type Twice } from './times';

/** Whose crime it is. `state`: drugs, weapons, public order (Home Office Counting Rules, state-based crimes). */
export type VictimKind = 'person' | 'business' | 'state';

/** Everything on the form, as strings, so that a half-finished form is always a valid draft. */
export interface CrimeForm {
  offenceCode: string;
  offenceTyped: string;
  address: string;
  postcode: string;
  /** Set from the phone's location or by looking the postcode up; optional. */
  fix: Omit<Place, 'address' | 'postcode'>;
  occurredFrom: string;
  occurredTo: string;
  summary: string;
  givenName: string;
  familyName: string;
  bornOn: string;
  phone: string;
  email: string;
  /** Ticked by the officer, never assumed: true at a victim's home, false in the street. */
  livesThere?: boolean;
  /** Missing until the officer has asked: then nothing is sent to the victim. */
  isUnsafe?: boolean;
  relatedNumber: string;
  personId: string;
  /** Missing in a draft of an earlier version of the app. */
  victimKind?: VictimKind;
  businessName?: string;
  /** The person record of whoever speaks for the business. */
  contactId?: string;
  /** What was filled in about a victim on record, and the crime that it is from. */
  known?: KnownVictim;
  /** The name that was filled in from another crime: another name is another person. */
  copiedName?: string;
  /** The version of the question set that it was begun on, and what was typed in fields that are not above. */
  version?: number;
  answers?: Texts;
}

export interface KnownVictim {
  personId: string;
  number: string;
  bornOn: string;
  phone: string;
  email: string;
}

export function emptyCrimeForm({
  personId,
  contactId,
  occurredFrom,
}: {
  personId: string;
  contactId: string;
  occurredFrom: string;
}): CrimeForm {
  return {
    offenceCode: '',
    offenceTyped: '',
    address: '',
    postcode: '',
    fix: {},
    occurredFrom,
    occurredTo: '',
    summary: '',
    givenName: '',
    familyName: '',
    bornOn: '',
    phone: '',
    email: '',
    livesThere: false,
    relatedNumber: '',
    personId,
    victimKind: 'person',
    businessName: '',
    contactId,
  };
}

/** A new form with the place and time of another crime, linked to it. */
export function copyCrimeForm(blank: CrimeForm, source: SourceCrime): CrimeForm {
  return {
    ...blank,
    address: source.place,
    postcode: source.postcode,
    relatedNumber: source.number,
    occurredFrom: source.occurredFrom || blank.occurredFrom,
    occurredTo: source.occurredTo,
  };
}

interface SourceCrime {
  number: string;
  place: string;
  postcode: string;
  occurredFrom: string;
  occurredTo: string;
  person: {
    personId: string;
    name: string;
    bornOn: string;
    address: string;
    phone: string;
    email: string;
  };
  business?: { id: string; name: string; isThere: boolean };
  isUnsafe?: boolean;
}

/** Fill in the victim of another crime: the same person record, so nothing is typed again. */
export function copyVictim(form: CrimeForm, source: SourceCrime): CrimeForm {
  const { personId, name, bornOn, phone, email, address } = source.person;
  const cut = name.lastIndexOf(' ');
  const answers: CrimeForm = {
    ...form,
    givenName: name.slice(0, Math.max(cut, 0)),
    familyName: name.slice(cut + 1),
    bornOn,
    phone,
    email,
    ...(source.isUnsafe === undefined ? {} : { isUnsafe: source.isUnsafe }),
  };
  answers.copiedName = name;
  const isHere = form.address.trim() === source.place;
  if (source.business === undefined)
    return {
      ...answers,
      victimKind: 'person',
      personId,
      livesThere: isHere && address !== '',
      known: { personId, number: source.number, bornOn, phone, email },
    };
  return {
    ...answers,
    victimKind: 'business',
    personId: source.business.id,
    businessName: source.business.name,
    contactId: personId,
    livesThere: isHere && source.business.isThere,
  };
}

/** The name of the victim, or of whoever speaks for the business, as it was typed. */
function typedName(form: CrimeForm): string {
  return `${form.givenName.trim()} ${form.familyName.trim()}`.trim();
}

/** A form whose copied name was changed: it is about somebody else, and nothing of theirs is put on the record of the first. */
export function separateChangedPerson(form: CrimeForm, newPersonId: () => string): CrimeForm {
  if (form.copiedName === undefined || typedName(form) === form.copiedName) return form;
  const rest = { ...form };
  delete rest.copiedName;
  delete rest.known;
  return form.victimKind === 'business'
    ? { ...rest, contactId: newPersonId() }
    : { ...rest, personId: newPersonId() };
}

/** A form with the place of an earlier crime, and the business that was the victim there. Not its time, and no link. */
export function copyPlace(form: CrimeForm, source: SourceCrime): CrimeForm {
  const there = { ...form, address: source.place, postcode: source.postcode, fix: {} };
  return source.business?.isThere === true && typedName(form) === ''
    ? copyVictim(there, source)
    : { ...there, livesThere: false };
}

/** The victim's name in a list. */
export function victimName(form: CrimeForm): string {
  if (form.victimKind === 'state') return 'The State';
  return form.victimKind === 'business' ? (form.businessName ?? '').trim() : typedName(form);
}

/** The person who would make the statement: the victim, or whoever speaks for the business. */
export function spokesperson(form: CrimeForm): PersonDetails {
  const isPerson = (form.victimKind ?? 'person') === 'person';
  const lives = isPerson && form.livesThere === true;
  const nobody = form.victimKind === 'state';
  return {
    personId: isPerson ? form.personId : (form.contactId ?? form.personId),
    name: nobody ? '' : typedName(form),
    bornOn: isPerson ? form.bornOn : '',
    address: lives ? form.address.trim() : '',
    postcode: lives ? formatPostcode(form.postcode) : '',
    phone: nobody ? '' : form.phone.trim(),
    email: nobody ? '' : form.email.trim(),
  };
}

const ENDS_IN_POSTCODE = /^(.*?)[,\s]+([A-Za-z]{1,2}\d[A-Za-z\d]?\s*\d[A-Za-z]{2})\s*$/s;

/** Split an address that ends in a postcode; null where it does not. */
export function splitAddress(address: string): { address: string; postcode: string } | null {
  const parts = ENDS_IN_POSTCODE.exec(address);
  return parts === null
    ? null
    : { address: (parts[1] ?? '').trim(), postcode: formatPostcode(parts[2] ?? '') };
}

const HOUR_MS = 3_600_000;

/** Times that an officer can choose with one press: from and to, in London time. */
export function commonTimes(now: Date): { words: string; from: string; to: string }[] {
  const back = (hours: number): Date => new Date(now.getTime() - hours * HOUR_MS);
  const isEvening = Number(toLocalInput(now).slice(11, 13)) >= 22;
  const day = toLocalInput(isEvening ? now : back(24)).slice(0, 10);
  const evening = fromLocalInput(`${day}T22:00`) ?? back(12);
  const morning = new Date(evening.getTime() + 8 * HOUR_MS);
  const to = morning > now ? now : morning;
  return [
    { words: 'Just now', from: toLocalInput(now), to: '' },
    { words: 'In the last hour', from: toLocalInput(back(1)), to: toLocalInput(now) },
    {
      words: isEvening ? 'Since 10pm' : 'Overnight',
      from: toLocalInput(evening),
      to: toLocalInput(to),
    },
    { words: 'In the last 24 hours', from: toLocalInput(back(24)), to: toLocalInput(now) },
  ];
}

export const CRIME_NUMBER = /^(\d{2}\/)?\d{7}\/\d{2}$/;

/** Whether a text reaches a number: a UK mobile, as `kernel/contact.py` has it on the server. */
export function canBeTexted(phone: string): boolean {
  const bare = phone.normalize('NFKC').replace(/[^\d+x]/gi, '');
  const national = bare.replace(/^(\+44|0044|44)/, '').replace(/^0/, '');
  return /^7([1-57-9]\d{8}|624\d{6})$/.test(national);
}

/** How the server writes to the victim by itself; null where it can't or must not: then nothing is promised. */
export function promisedMessage(crime: {
  person: { phone: string; email: string };
  isAgainstState: boolean;
  isUnsafe?: boolean;
}): 'email' | 'text' | null {
  if (crime.isAgainstState || crime.isUnsafe === true) return null;
  if (parseEmail(crime.person.email) !== null) return 'email';
  return canBeTexted(crime.person.phone) ? 'text' : null;
}

/** What the victim is sent or shown: the number, and where to follow the case. */
export function numberMessage(number: string, link: string): string {
  return `Your crime number is ${number}. Follow your case: ${link}`;
}

/** The victim's link: it asks for a code that only they get, so the number in it opens nothing by itself. */
export function trackingLink(origin: string, number: string): string {
  return `${origin}/track/?reference=${encodeURIComponent(number)}`;
}

/** A postcode in upper case with one space; text that is no postcode comes back trimmed. */
export function formatPostcode(text: string): string {
  const bare = text.toUpperCase().replace(/[^A-Z0-9]/g, '');
  const parts = /^([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})$/.exec(bare);
  return parts === null ? text.trim() : `${parts[1] ?? ''} ${parts[2] ?? ''}`;
}

/** The errors in the form: those of its question set, and of what only a recorded crime needs. */
export function validateCrime(form: CrimeForm, now: Date, set = BUILT_IN.scene): FieldError[] {
  const errors = checkScene(set, form, now);
  const check = (field: string, isValid: boolean, message: string): void => {
    if (!isValid && !errors.some((error) => error.field === field)) errors.push({ field, message });
  };
  check('address', form.address.trim() !== '', 'Enter where it happened');
  check(
    'postcode',
    form.postcode.trim() === '' || / /.test(formatPostcode(form.postcode)),
    'Enter a full postcode, like SE15 4AA, or leave it empty',
  );
  check(
    'related_number',
    form.relatedNumber.trim() === '' || CRIME_NUMBER.test(form.relatedNumber.trim()),
    'Enter a crime number in the correct format, like 01/0000123/26',
  );
  return errors;
}

/** The body of the capture. Call only when `validateCrime` found nothing. */
export function crimeBody({
  id,
  form,
  number,
  leaseId,
  answers,
}: {
  id: string;
  form: CrimeForm;
  number: string | null;
  leaseId: string | null;
  answers?: AnswersBody | undefined;
}): CrimeBody {
  const text = (typed: string): string => replaceHalfCharacters(typed.trim());
  const orNull = (typed: string): string | null => (typed.trim() === '' ? null : text(typed));
  const moment = (typed: string, field: string): string | null => {
    const at = fromLocalInput(typed, form.answers?.[`${field}_twice`] as Twice | undefined);
    return at === null ? null : isoWithOffset(at);
  };
  const isKnown = form.victimKind !== 'business' && form.known?.personId === form.personId;
  return {
    crime_id: id,
    number,
    lease_id: leaseId,
    offence_code: form.offenceCode,
    occurred_from: moment(form.occurredFrom, 'occurred_from') ?? '',
    occurred_to: moment(form.occurredTo, 'occurred_to'),
    summary: text(form.summary),
    location: {
      address: text(form.address),
      postcode: text(formatPostcode(form.postcode)),
      ...form.fix,
    },
    victim:
      form.victimKind === 'state'
        ? null
        : {
            person_id: form.personId,
            given_name: text(form.givenName),
            family_name: text(form.familyName),
            born_on: form.victimKind === 'business' ? null : orNull(form.bornOn),
            phone: text(form.phone),
            email: text(form.email),
            address_same: form.livesThere ?? false,
            safe_to_contact: form.isUnsafe === undefined ? null : !form.isUnsafe,
            ...(isKnown
              ? {
                  known: {
                    born_on: orNull(form.known?.bornOn ?? ''),
                    phone: text(form.known?.phone ?? ''),
                    email: text(form.known?.email ?? ''),
                  },
                }
              : {}),
            ...(form.victimKind === 'business'
              ? {
                  business_name: text(form.businessName ?? ''),
                  contact_id: form.contactId ?? form.personId,
                }
              : {}),
          },
    related_number: orNull(form.relatedNumber),
    ...(answers === undefined ? {} : { answers }),
  };
}
