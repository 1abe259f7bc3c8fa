/** What an officer is asked to do, as the server says: correct a record, answer a question, contact a victim. */
import { writeAnswers } from '../forms/answers';
import type { QuestionSet, Values } from '../forms/question-set';
import { replaceHalfCharacters } from './canonical';
import type { AnswerBody, ContactBody, FieldError } from './capture';
import type { EncounterForm } from './encounter';
import { ENCOUNTERS, isEncounterKind, kindOfReference } from './encounter-kinds';
import { formatDayOf, fromLocalInput, isoWithOffset, toLocalInput } from './times';

/** A task as the phone keeps it. A newer server may send kinds that this app does not know: they are not shown. */
export interface TaskLine {
  id: string;
  kind: string;
  /** What is asked, in the words of whoever asks. */
  text: string;
  asked_by: string;
  asked_at: string;
  /** The day by which, as 2026-12-01; null where none was named. */
  due_on: string | null;
  /** Of a question: the crime that it is about. */
  crime_id?: string | null;
  crime_number?: string;
  offence?: string;
  /** Of a contact that the Victims' Code wants: with whom, what for, how it is safe, and why with Enhanced Rights. */
  person_id?: string | null;
  victim?: string;
  phone?: string;
  trigger?: string;
  ways?: readonly { value: string; label: string }[];
  safety?: string;
  enhanced?: string;
  /** Of a record that was given back: its reference, and its answers to a version of its question set. */
  reference?: string;
  question_set?: string;
  version?: number;
  values?: Values;
}

/** Who asks, as the screens name them: of what is due to a victim nobody but the Code does. */
export const askedBy = (task: TaskLine): string =>
  task.kind === 'victim-contact' ? 'Victims’ Code' : task.asked_by;

/** The capture that did a task on this phone, by the task's id: what the server has not heard of is not asked again. */
export type DoneTasks = Readonly<Record<string, string>>;

const KINDS = new Set(['record-returned', 'question', 'victim-contact']);
const NO_DAY = '9999';

/** Where the tasks of an officer are kept, and which of them were done on this phone. */
export const tasksKey = (officerId: string): string => `tasks:${officerId}`;
export const doneTasksKey = (officerId: string): string => `tasks-done:${officerId}`;

/**
 * Return what is still to be done, the first that is due first. Done is what was sealed on this phone, unless the server
 * would not take it.
 */
export function openTasks(
  tasks: readonly TaskLine[],
  done: DoneTasks,
  entries: readonly { id: string; state: string }[],
): TaskLine[] {
  const states = new Map(entries.map((entry) => [entry.id, entry.state]));
  const isDone = ({ id }: TaskLine): boolean => {
    const state = states.get(done[id] ?? '');
    return state !== undefined && state !== 'blocked';
  };
  return tasks
    .filter((task) => KINDS.has(task.kind) && !isDone(task))
    .sort(
      (a, b) =>
        (a.due_on ?? NO_DAY).localeCompare(b.due_on ?? NO_DAY) ||
        a.asked_at.localeCompare(b.asked_at),
    );
}

export function isLate({ due_on }: Pick<TaskLine, 'due_on'>, now: Date): boolean {
  return due_on !== null && due_on < toLocalInput(now).slice(0, 10);
}

/** "Late: it was due Friday 27 November", "Due today", "Due Tuesday 1 December"; empty where no day was named. */
export function dueLabel(task: Pick<TaskLine, 'due_on'>, now: Date): string {
  if (task.due_on === null) return '';
  if (task.due_on === toLocalInput(now).slice(0, 10)) return 'Due today';
  // At noon, so that it is this day in London in summer and in winter.
  const day = formatDayOf(new Date(`${task.due_on}T12:00:00Z`), now);
  return isLate(task, now) ? `Late: it was due ${day}` : `Due ${day}`;
}

export function taskTitle(task: TaskLine): string {
  if (task.kind === 'question') return `Answer about ${task.crime_number ?? ''}`;
  if (task.kind === 'victim-contact') return `Contact ${task.victim ?? ''}`;
  const { reference = '' } = task;
  return `Correct ${ENCOUNTERS[kindOfReference(reference)].noun} ${reference}`;
}

/** The form of a correction, filled in with what was recorded; what its question set no longer asks is left out. */
export function correctionForm(task: TaskLine, set: QuestionSet): EncounterForm | null {
  const { question_set: kind = '', reference = '', values = {} } = task;
  if (!isEncounterKind(kind)) return null;
  return {
    kind,
    version: set.version,
    texts: writeAnswers(set, values),
    corrects: { taskId: task.id, reference, asked: task.text, askedBy: task.asked_by },
    reason: '',
  };
}

/** What was typed to do a task. The task is kept with it: the server may no longer ask when it is finished. */
export interface TaskForm {
  task: TaskLine;
  /** The answer; of a contact, a note. */
  text: string;
  /** How a victim was contacted, and when, as a date and time field has it. */
  way: string;
  madeAt: string;
}

export const isContact = ({ task }: TaskForm): boolean => task.kind === 'victim-contact';

export const emptyTaskForm = (task: TaskLine, now: Date): TaskForm => ({
  task,
  text: '',
  way: '',
  madeAt: toLocalInput(now),
});

export function validateTask(form: TaskForm, now: Date): FieldError[] {
  if (!isContact(form))
    return form.text.trim() === ''
      ? [{ field: 'answer', message: 'Enter your answer, or what you did' }]
      : [];
  const errors: FieldError[] = [];
  if (form.way === '') errors.push({ field: 'way', message: 'Select how you contacted them' });
  const madeAt = fromLocalInput(form.madeAt);
  if (madeAt === null) errors.push({ field: 'made_at', message: 'Enter when you contacted them' });
  else if (madeAt > now)
    errors.push({ field: 'made_at', message: 'The time of the contact must be in the past' });
  return errors;
}

/** The body of the capture. Call only when `validateTask` found nothing. */
export function answerBody(id: string, form: TaskForm): AnswerBody {
  return {
    answer_id: id,
    action_id: form.task.id,
    text: replaceHalfCharacters(form.text.trim()),
  };
}

/** The body of the capture of a contact. Call only when `validateTask` found nothing. */
export function contactBody(id: string, form: TaskForm): ContactBody {
  const { crime_id, person_id, trigger = '' } = form.task;
  return {
    contact_id: id,
    crime_id: crime_id ?? '',
    person_id: person_id ?? '',
    trigger,
    way: form.way,
    made_at: isoWithOffset(fromLocalInput(form.madeAt) ?? new Date(0)),
    note: replaceHalfCharacters(form.text.trim()),
  };
}
