/** What an officer is asked to do, as the server says: correct a record, or answer a question. */
import { writeAnswers } from '../forms/answers';
import type { QuestionSet, Values } from '../forms/question-set';
import { replaceHalfCharacters } from './canonical';
import type { AnswerBody, FieldError } from './capture';
import type { EncounterForm } from './encounter';
import { ENCOUNTERS, isEncounterKind, kindOfReference } from './encounter-kinds';
import { formatDayOf, toLocalInput } from './times';

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
  /** Of a record that was given back: its reference, and its answers to a version of its question set. */
  reference?: string;
  question_set?: string;
  version?: number;
  values?: Values;
}

/** The capture that did a task on this phone, by the task's id: what the server has not heard of is not asked again. */
export type DoneTasks = Readonly<Record<string, string>>;

const KINDS = new Set(['record-returned', 'question']);
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
  const day = formatDayOf(new Date(`${task.due_on}T12:00:00Z`));
  return isLate(task, now) ? `Late: it was due ${day}` : `Due ${day}`;
}

export function taskTitle(task: TaskLine): string {
  if (task.kind === 'question') return `Answer about ${task.crime_number ?? ''}`;
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
  text: string;
}

export const emptyTaskForm = (task: TaskLine): TaskForm => ({ task, text: '' });

export function validateTask(form: TaskForm): FieldError[] {
  if (form.text.trim() !== '') return [];
  return [{ field: 'answer', message: 'Enter your answer, or what you did' }];
}

/** The body of the capture. Call only when `validateTask` found nothing. */
export function answerBody(id: string, form: TaskForm): AnswerBody {
  return {
    answer_id: id,
    action_id: form.task.id,
    text: replaceHalfCharacters(form.text.trim()),
  };
}
