/**
 * A written statement (MG11): its text, the statutory declaration, and a signature on glass that freezes both.
 *
 * Contents: Criminal Procedure Rules 2025, rule 16.2; Criminal Justice Act 1967, s.9 (and s.89 on false statements).
 */
import { replaceHalfCharacters } from './canonical';
import type { FieldError, Point, Signature, StatementBody, StatementKind } from './capture';
import { newId } from './ids';
import { compareNames } from './maker-names';
import { copyFields } from './statement-copy';
import { isoWithOffset, toLocalInput } from './times';

/** Signatures are stored in these units, whatever the size of the screen. */
export const SIGNATURE_WIDTH = 600;
export const SIGNATURE_HEIGHT = 240;

/** Checked and said, never cut: a text that is pasted must not lose its end without a word. */
const MAX_TEXT = 200_000;
const TOO_LONG = 'Statement must be 200,000 characters or fewer';

const COLUMNS = 85;
const LINES_FIRST_PAGE = 30;
const LINES_NEXT_PAGE = 42;

export interface StatementForm {
  crimeId: string;
  personId: string;
  makerName: string;
  /** The name of that person as it was recorded; empty or absent for somebody new. */
  nameOnRecord?: string;
  /** The officer said that they are that person, where the names are not quite the same. */
  makerConfirmed?: boolean;
  over18: boolean | null;
  age: string;
  occupation: string;
  text: string;
  readOver: boolean;
  strokes: Point[][];
  /** The signature of the officer who saw them sign; absent in a draft of an older version. */
  officerStrokes?: Point[][];
  signedAt: string;
  takenAtPlace: string;
  address: string;
  postcode: string;
  phone: string;
  email: string;
  datesNotAvailable: string;
  willingToAttend: boolean | null;
  specialMeasuresNeeded: boolean | null;
  vps: '' | 'offered' | 'made' | 'declined';
  /** What follows is absent in a draft of an older version, and where nobody asked. */
  statementKind?: StatementKind;
  originalLanguage?: string;
  originalText?: string;
  interpreterName?: string;
  ensureAttendance?: string;
  particularNeeds?: string;
  guardianName?: string;
  guardianContact?: string;
  vpsLeafletGiven?: boolean;
  consentMedicalRecords?: boolean;
  consentDefence?: boolean;
  consentCivilProceedings?: boolean;
  consentSupport?: boolean;
  /** How they want a copy, if they do: to the phone or email above, which they said is safe. */
  copyMeans?: 'sms' | 'email' | 'none';
  copyInWelsh?: boolean;
  /** The reason, where they would not or could not sign. */
  whyUnsigned?: string;
}

/** What the app already knows of a person, so that nothing is asked twice. */
export interface PersonDetails {
  personId: string;
  name: string;
  bornOn: string;
  address: string;
  postcode: string;
  phone: string;
  email: string;
}

/** Somebody of whom nothing is known yet. */
export function emptyPerson(): PersonDetails {
  return {
    personId: newId(),
    name: '',
    bornOn: '',
    address: '',
    postcode: '',
    phone: '',
    email: '',
  };
}

export function isOver18(bornOn: string, at: Date): boolean | null {
  if (Number.isNaN(Date.parse(bornOn))) return null;
  const birthday = `${String(Number(bornOn.slice(0, 4)) + 18).padStart(4, '0')}${bornOn.slice(4)}`;
  return toLocalInput(at).slice(0, 10) >= birthday;
}

export function emptyStatementForm({
  crimeId,
  person,
  place,
  at,
}: {
  crimeId: string;
  person: PersonDetails;
  place: string;
  at: Date;
}): StatementForm {
  return {
    crimeId,
    personId: person.personId,
    makerName: person.name,
    nameOnRecord: person.name,
    makerConfirmed: false,
    over18: isOver18(person.bornOn, at),
    age: '',
    occupation: '',
    text: '',
    readOver: false,
    strokes: [],
    officerStrokes: [],
    signedAt: '',
    takenAtPlace: place,
    address: person.address,
    postcode: person.postcode,
    phone: person.phone,
    email: person.email,
    datesNotAvailable: '',
    willingToAttend: null,
    specialMeasuresNeeded: null,
    vps: '',
  };
}

/** How many pages of the printed MG11 the text fills; at least one. */
export function pageCount(text: string): number {
  const lines = text
    .split('\n')
    .reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / COLUMNS)), 0);
  return 1 + Math.max(0, Math.ceil((lines - LINES_FIRST_PAGE) / LINES_NEXT_PAGE));
}

/** The declaration word for word, with its page count filled in (Criminal Justice Act 1967, s.9(2)(b)). */
export function declaration(pages: number): string {
  return (
    `This statement (consisting of ${String(pages)} page(s) each signed by me) is true to the best of my knowledge and belief ` +
    'and I make it knowing that, if it is tendered in evidence, I shall be liable to prosecution if I have wilfully stated ' +
    'in it anything which I know to be false, or do not believe to be true.'
  );
}

/** Say whether anybody has started to sign: the text does not change after that. */
export function isSigned(form: StatementForm): boolean {
  return form.strokes.length > 0;
}

/** Change the text, which clears `readOver`: that was for the old text. A signed text does not change. */
export function withText(form: StatementForm, text: string): StatementForm {
  if (isSigned(form) || text === form.text) return form;
  return { ...form, text, readOver: false };
}

export function withStrokes(form: StatementForm, strokes: Point[][], at: string): StatementForm {
  // An officer witnesses a signature that is there: without it, theirs goes too.
  if (strokes.length === 0) return { ...form, strokes, signedAt: '', officerStrokes: [] };
  return { ...form, strokes, signedAt: at };
}

/** The length of the strokes in signature units: a dot is not a signature. */
export function inkLength(strokes: Point[][]): number {
  let length = 0;
  for (const stroke of strokes)
    stroke.forEach((point, i) => {
      const before = stroke[i - 1];
      if (before !== undefined) length += Math.hypot(point.x - before.x, point.y - before.y);
    });
  return length;
}

function isDrawn(strokes: Point[][]): boolean {
  return inkLength(strokes) >= 40;
}

/** The errors in an unsigned account: it needs a name, the text, and why it is not signed. */
export function validateUnsignedAccount(form: StatementForm): FieldError[] {
  const errors: FieldError[] = [];
  if (form.makerName.trim() === '')
    errors.push({
      field: 'maker_name',
      message: 'Enter the full name of the person whose account this is',
    });
  if (form.text.trim() === '')
    errors.push({ field: 'text', message: 'Enter what they said, in their own words' });
  if (form.text.length > MAX_TEXT) errors.push({ field: 'text', message: TOO_LONG });
  if ((form.whyUnsigned ?? '').trim() === '')
    errors.push({ field: 'why_unsigned', message: 'Enter why it is not signed' });
  return errors;
}

/** The account as a text file: the exact words, under a heading that says that it is no statement. */
export function formatUnsignedAccount(form: StatementForm, at: Date): string {
  const lines = [
    'UNSIGNED ACCOUNT: not a statement under section 9 of the Criminal Justice Act 1967',
    `Account of: ${form.makerName.trim()}${form.over18 === null ? '' : form.over18 ? ' (over 18)' : ` (under 18${form.age === '' ? '' : `, aged ${form.age}`})`}`,
    `Occupation: ${form.occupation.trim() || 'not given'}`,
    `Written: ${isoWithOffset(at)}${form.takenAtPlace.trim() === '' ? '' : ` at ${form.takenAtPlace.trim()}`}`,
    `Read over to them: ${form.readOver ? 'yes' : 'no'}`,
    `Why it is not signed: ${(form.whyUnsigned ?? '').trim()}`,
  ];
  return replaceHalfCharacters(`${lines.join('\n')}\n\n${form.text}\n`);
}

/** What is for the police only, as a text file of its own; empty when there is nothing. */
export function formatContactPage(form: StatementForm): string {
  const said = (is: boolean | null): string => (is === null ? '' : is ? 'yes' : 'no');
  const told = {
    Address: [form.address.trim(), form.postcode.trim()].filter(Boolean).join(', '),
    Phone: form.phone.trim(),
    Email: form.email.trim(),
    'Would go to court': said(form.willingToAttend),
    'Dates they can’t go to court': form.datesNotAvailable.trim(),
    'May need help to give evidence': said(form.specialMeasuresNeeded),
    'Victim Personal Statement': form.vps,
  };
  const lines = Object.entries(told)
    .filter(([, words]) => words !== '')
    .map(([name, words]) => `${name}: ${words}`);
  return lines.length === 0
    ? ''
    : replaceHalfCharacters(`FOR THE POLICE ONLY: ${form.makerName.trim()}\n${lines.join('\n')}\n`);
}

export function validateStatement(form: StatementForm): FieldError[] {
  const errors: FieldError[] = [];
  const check = (field: string, isValid: boolean, message: string): void => {
    if (!isValid) errors.push({ field, message });
  };
  check(
    'maker_name',
    form.makerName.trim() !== '',
    'Enter the full name of the person making the statement',
  );
  const match = compareNames(form.makerName, form.nameOnRecord ?? '');
  const record = form.nameOnRecord ?? '';
  check(
    'maker_name',
    form.makerName.trim() === '' || match !== 'different',
    `This statement is ${record}’s, by the record. If somebody else makes it, select “Someone else”`,
  );
  check(
    'maker_confirmed',
    match !== 'unclear' || form.makerConfirmed === true,
    `Select yes if this is ${record}`,
  );
  check('over_18', form.over18 !== null, 'Select yes if they are over 18');
  const age = Number(form.age);
  check(
    'age',
    form.over18 !== false ||
      (form.age.trim() !== '' && Number.isInteger(age) && age >= 0 && age <= 17),
    'Age must be a number from 0 to 17',
  );
  check('text', form.text.trim() !== '', 'Enter the statement in their own words');
  check('text', form.text.length <= MAX_TEXT, TOO_LONG);
  check('original_text', (form.originalText ?? '').length <= MAX_TEXT, TOO_LONG);
  check(
    'interpreter_name',
    (form.originalLanguage ?? '').trim() === '' || (form.interpreterName ?? '').trim() !== '',
    'Enter the interpreter’s name',
  );
  check('willing_to_attend', form.willingToAttend !== null, 'Select yes if they would go to court');
  check(
    'special_measures_needed',
    form.specialMeasuresNeeded !== null,
    'Select yes if they might need help to give evidence',
  );
  check('vps', form.vps !== '', 'Select whether they made a Victim Personal Statement');
  check(
    'dates_not_available',
    form.datesNotAvailable.trim() !== '',
    'Enter the dates they can’t go to court, or “None”',
  );
  check('read_over', form.readOver, 'Read the statement to them, then select the box');
  check('signature', isDrawn(form.strokes), 'Ask them to sign in the box');
  check(
    'officer_signature',
    // There is nothing to witness yet.
    !isDrawn(form.strokes) || isDrawn(form.officerStrokes ?? []),
    'Sign in the second box yourself, as the officer who saw them sign',
  );
  return errors;
}

/** The body of the capture. Call only when `validateStatement` found nothing. */
export function statementBody({ id, form }: { id: string; form: StatementForm }): StatementBody {
  const text = (typed: string): string => replaceHalfCharacters(typed.trim());
  const pages = pageCount(form.text);
  const signatureOf = (strokes: Point[][]): Signature => ({
    width: SIGNATURE_WIDTH,
    height: SIGNATURE_HEIGHT,
    strokes,
  });
  return {
    statement_id: id,
    crime_id: form.crimeId,
    person_id: form.personId,
    maker_name: text(form.makerName),
    maker_confirmed: form.makerConfirmed === true,
    statement_kind: form.statementKind ?? 'statement',
    original_language: text(form.originalLanguage ?? ''),
    original_text:
      (form.originalLanguage ?? '').trim() === ''
        ? ''
        : replaceHalfCharacters(form.originalText ?? ''),
    interpreter_name: text(form.interpreterName ?? ''),
    over_18: form.over18 === true,
    age: form.over18 === false ? Number(form.age) : null,
    occupation: text(form.occupation),
    text: replaceHalfCharacters(form.text),
    declaration: declaration(pages),
    pages,
    read_over: form.readOver,
    signed_at: form.signedAt,
    signature: signatureOf(form.strokes),
    officer_signature: signatureOf(form.officerStrokes ?? []),
    taken_at_place: text(form.takenAtPlace),
    back: {
      address: text(form.address),
      postcode: text(form.postcode),
      phone: text(form.phone),
      email: text(form.email),
      dates_not_available: text(form.datesNotAvailable),
      willing_to_attend: form.willingToAttend === true,
      special_measures_needed: form.specialMeasuresNeeded === true,
      vps: form.vps === '' ? 'offered' : form.vps,
      ensure_attendance: text(form.ensureAttendance ?? ''),
      particular_needs: text(form.particularNeeds ?? ''),
      guardian_name: form.over18 === false ? text(form.guardianName ?? '') : '',
      guardian_contact: form.over18 === false ? text(form.guardianContact ?? '') : '',
      vps_leaflet_given: form.vpsLeafletGiven ?? null,
      consent_medical_records: form.consentMedicalRecords ?? null,
      consent_defence: form.consentDefence ?? null,
      consent_civil_proceedings: form.consentCivilProceedings ?? null,
      consent_support: form.consentSupport ?? null,
    },
    ...copyFields(form),
  };
}
