/** An assessment of the risk to a victim: its form, its checks, and the capture body that is built from it. */
import { readAnswers } from '../forms/answers';
import type { QuestionSet, Texts } from '../forms/question-set';
import { replaceHalfCharacters } from './canonical';
import type { AssessmentBody, FieldError } from './capture';

export const RISK_SET = 'domestic-abuse-topics';

export interface AssessmentForm {
  crimeId: string;
  personId: string;
  encounterId: string;
  /** The version of the question set that it was begun on. */
  version: number;
  texts: Texts;
  /** The officer's own judgement: nothing computes it. */
  grade: string;
  reason: string;
}

export const GRADES = [
  { value: 'standard', label: 'Standard' },
  { value: 'medium', label: 'Medium' },
  { value: 'high', label: 'High' },
] as const;

export function validateAssessment(
  set: QuestionSet,
  form: AssessmentForm,
  now: Date,
): FieldError[] {
  const errors = [...readAnswers(set, form.texts, now).problems];
  if (form.grade === '') errors.push({ field: 'grade', message: 'Select how great the risk is' });
  if (form.reason.trim() === '')
    errors.push({ field: 'grade_reason', message: 'Enter why you graded the risk so' });
  return errors;
}

/** The body of the capture. Call only when `validateAssessment` found nothing. */
export function assessmentBody(
  id: string,
  set: QuestionSet,
  form: AssessmentForm,
  now: Date,
): AssessmentBody {
  const { values } = readAnswers(set, form.texts, now);
  return {
    assessment_id: id,
    encounter_id: form.encounterId,
    crime_id: form.crimeId,
    person_id: form.personId,
    answers: { question_set: set.name, version: set.version, values },
    grade: form.grade,
    grade_reason: replaceHalfCharacters(form.reason.trim()),
  };
}
