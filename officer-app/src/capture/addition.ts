/** What an officer adds to a crime later, or corrects: its form, its checks, and the capture body that is built from it. */
import { readAnswers } from '../forms/answers';
import type { QuestionSet, Texts } from '../forms/question-set';
import { replaceHalfCharacters } from './canonical';
import type { AdditionBody, FieldError } from './capture';
import { BUILT_IN } from './question-sets';

/** What the officer can correct. */
export interface Correctable {
  summary: string;
  givenName: string;
  familyName: string;
  bornOn: string;
  phone: string;
  email: string;
}

export interface AdditionForm {
  crimeId: string;
  /** The version of the scene's question set that it was begun on. */
  version: number;
  note: string;
  /** The collar number or name of the colleague who takes it over; missing in a draft of an earlier version of the app. */
  handOverTo?: string;
  texts: Texts;
  isCorrecting: boolean;
  /** As it is on this phone. Null for a crime that was not recorded here: then there is nothing to correct. */
  before: Correctable | null;
  /** Who is corrected; empty where nobody was named. */
  personId: string;
  corrected: Correctable | null;
}

/** An empty addition to a crime, with what can be corrected of it filled in. */
export function newAddition(
  crime: {
    id: string;
    summary?: string;
    person: { personId: string; name: string; bornOn: string; phone: string; email: string };
  },
  version: number,
): AdditionForm {
  const { personId, name, bornOn, phone, email } = crime.person;
  const cut = name.lastIndexOf(' ');
  const facts =
    crime.summary === undefined
      ? null
      : {
          summary: crime.summary,
          givenName: name.slice(0, Math.max(cut, 0)),
          familyName: name.slice(cut + 1),
          bornOn,
          phone,
          email,
        };
  return {
    crimeId: crime.id,
    version,
    note: '',
    texts: {},
    isCorrecting: false,
    before: facts,
    personId: name === '' ? '' : personId,
    corrected: facts,
  };
}

/** The parts of the scene form that can be answered again: suspects, vehicles, property, witnesses. */
export function additionSet(scene: QuestionSet): QuestionSet {
  return { ...scene, sections: scene.sections.filter(({ repeat }) => repeat !== undefined) };
}

const PERSON = ['givenName', 'familyName', 'bornOn', 'phone', 'email'] as const;

function isChanged(form: AdditionForm, names: readonly (keyof Correctable)[]): boolean {
  const { before, corrected, isCorrecting } = form;
  if (!isCorrecting || before === null || corrected === null) return false;
  return names.some((name) => before[name].trim() !== corrected[name].trim());
}

const handedTo = (form: AdditionForm): string => (form.handOverTo ?? '').trim();
const hasSummary = (form: AdditionForm): boolean => isChanged(form, ['summary']);
const hasPerson = (form: AdditionForm): boolean => form.personId !== '' && isChanged(form, PERSON);

export function validateAddition(
  form: AdditionForm,
  now: Date,
  scene = BUILT_IN.scene,
): FieldError[] {
  const { problems, values } = readAnswers(additionSet(scene), form.texts, now);
  const errors = [...problems];
  const { corrected } = form;
  if (hasSummary(form) && corrected?.summary.trim() === '')
    errors.push({ field: 'correct_summary', message: 'Enter what happened' });
  if (hasPerson(form) && corrected?.familyName.trim() === '')
    errors.push({ field: 'correct_family_name', message: 'Enter their last name' });
  if (handedTo(form) !== '' && form.note.trim() === '')
    errors.push({ field: 'note', message: 'Enter why you are handing it over' });
  const isEmpty = form.note.trim() === '' && Object.keys(values).length === 0;
  if (isEmpty && errors.length === 0 && !hasSummary(form) && !hasPerson(form))
    errors.push({ field: 'note', message: 'Enter a note, or add or correct something' });
  return errors;
}

/** The body of the capture. Call only when `validateAddition` found nothing. */
export function additionBody(
  id: string,
  form: AdditionForm,
  now: Date,
  scene = BUILT_IN.scene,
): AdditionBody {
  const text = (typed: string): string => replaceHalfCharacters(typed.trim());
  const { values } = readAnswers(additionSet(scene), form.texts, now);
  const { corrected } = form;
  return {
    addition_id: id,
    crime_id: form.crimeId,
    note: text(form.note),
    answers:
      Object.keys(values).length === 0
        ? null
        : { question_set: scene.name, version: scene.version, values },
    summary: hasSummary(form) ? text(corrected?.summary ?? '') : null,
    person:
      corrected !== null && hasPerson(form)
        ? {
            person_id: form.personId,
            given_name: text(corrected.givenName),
            family_name: text(corrected.familyName),
            born_on: corrected.bornOn === '' ? null : corrected.bornOn,
            phone: text(corrected.phone),
            email: text(corrected.email),
          }
        : null,
    ...(handedTo(form) === '' ? {} : { hand_over_to: text(handedTo(form)) }),
  };
}

/** What is on the phone of the crime after the addition: the corrected facts. */
export function correctedFacts(form: AdditionForm): Correctable | null {
  return hasSummary(form) || hasPerson(form) ? form.corrected : null;
}

/** "Note", "2 suspects or things": what an addition is called in the queue. */
export function describeAddition(form: AdditionForm, now: Date, scene = BUILT_IN.scene): string {
  const { values } = readAnswers(additionSet(scene), form.texts, now);
  const rows = Object.values(values).flatMap((value) => (Array.isArray(value) ? value : []));
  const parts = [
    handedTo(form) === '' ? '' : `handed over to ${handedTo(form)}`,
    form.note.trim() === '' || handedTo(form) !== '' ? '' : 'note',
    rows.length === 0 ? '' : `${String(rows.length)} added`,
    hasSummary(form) || hasPerson(form) ? 'correction' : '',
  ].filter(Boolean);
  const words = parts.join(', ');
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
