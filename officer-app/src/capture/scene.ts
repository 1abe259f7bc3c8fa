/** The crime form as the fields of its question set, and back; and the answers that have no field in the capture's body. */
import { readAnswers } from '../forms/answers';
import type { QuestionSet, Texts } from '../forms/question-set';
import type { AnswersBody, FieldError } from './capture';
import type { CrimeForm, VictimKind } from './crime';

const FIELDS = {
  offence: 'offenceCode',
  offence_typed: 'offenceTyped',
  summary: 'summary',
  occurred_from: 'occurredFrom',
  occurred_to: 'occurredTo',
  address: 'address',
  postcode: 'postcode',
  business_name: 'businessName',
  given_name: 'givenName',
  family_name: 'familyName',
  phone: 'phone',
  email: 'email',
  born_on: 'bornOn',
  related_number: 'relatedNumber',
} as const satisfies Record<string, keyof CrimeForm>;
const POSITION = ['easting', 'northing', 'latitude', 'longitude', 'accuracy_m'] as const;
const OWN_FIELDS = new Set<string>([
  ...Object.keys(FIELDS),
  ...POSITION,
  'victim',
  'lives_there',
  'safe',
]);

/** Return the fields of the question set that say what the form says. */
export function toSceneTexts(form: CrimeForm): Texts {
  const texts: Record<string, string> = { ...form.answers };
  for (const [field, name] of Object.entries(FIELDS)) texts[field] = form[name] ?? '';
  for (const part of POSITION) texts[part] = String(form.fix[part] ?? '');
  texts.victim = form.victimKind ?? 'person';
  texts.lives_there = form.livesThere === true ? 'yes' : '';
  texts.safe = form.isUnsafe === undefined ? '' : form.isUnsafe ? 'no' : 'yes';
  return texts;
}

/** Return the form with what was typed in the fields of the question set. */
export function withSceneTexts(form: CrimeForm, texts: Texts): CrimeForm {
  const typed = Object.entries(FIELDS).map(([field, name]) => [name, texts[field] ?? '']);
  const fix = POSITION.filter((part) => (texts[part] ?? '') !== '').map((part) => [
    part,
    Number(texts[part]),
  ]);
  const others = Object.entries(texts).filter(([field]) => !OWN_FIELDS.has(field));
  const next: CrimeForm = {
    ...form,
    ...(Object.fromEntries(typed) as Partial<CrimeForm>),
    fix: Object.fromEntries(fix) as CrimeForm['fix'],
    victimKind: (texts.victim ?? 'person') as VictimKind,
    livesThere: texts.lives_there === 'yes',
    ...(others.length === 0 ? {} : { answers: Object.fromEntries(others) }),
  };
  if (texts.safe === 'yes' || texts.safe === 'no') next.isUnsafe = texts.safe === 'no';
  else delete next.isUnsafe;
  return next;
}

/** Return what the set finds wrong with the form. */
export function checkScene(set: QuestionSet, form: CrimeForm, now: Date): FieldError[] {
  return readAnswers(set, toSceneTexts(form), now).problems;
}

/** Return the answers to questions that have no field in the capture's body; undefined where there are none. */
export function sceneAnswers(
  set: QuestionSet,
  form: CrimeForm,
  now: Date,
): AnswersBody | undefined {
  const { values } = readAnswers(set, toSceneTexts(form), now);
  const inBody = new Set(
    set.sections.flatMap(({ pages }) =>
      pages.flatMap(({ questions = [] }) =>
        questions.flatMap(({ id, api }) => (api === undefined ? [] : [id])),
      ),
    ),
  );
  const own = Object.entries(values).filter(([id]) => !inBody.has(id));
  if (own.length === 0) return undefined;
  return { question_set: set.name, version: set.version, values: Object.fromEntries(own) };
}
