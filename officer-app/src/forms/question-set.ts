/** A question set as the server sends it: the shape of its file, as far as a phone needs it. */
import type { Json } from '../capture/canonical';

/** Answers by question id; those of a repeating section are a list of rows under its id. */
export type Values = Record<string, Json | undefined>;
/** What was typed, by form field: also half-finished and wrong. This is the draft. */
export type Texts = Readonly<Record<string, string>>;
export type Condition = Readonly<Record<string, unknown>>;

export interface Choice {
  value: string;
  label: string;
  hint?: string;
  if?: Condition;
}

export interface Question {
  id: string;
  type: string;
  label: string;
  short?: string;
  hint?: string;
  /** `check`: a check of the page says when. */
  required?: boolean | 'check' | Condition;
  missing?: string;
  /** The set's own sentences for what can be wrong. */
  errors?: Readonly<Record<string, string>>;
  if?: Condition;
  choices?: string | readonly Choice[];
  /** The set's own words for the fields of a moment: `on`, `from` and `to`. */
  field_labels?: Readonly<Record<string, string>>;
  least?: number;
  most?: number;
  autocomplete?: string;
  /** Where the answer stands in the capture's body; without it, it is one of the capture's `answers`. */
  api?: unknown;
  options?: Readonly<Record<string, unknown>>;
}

export interface Page {
  id: string;
  title: string;
  if?: Condition;
  notes?: readonly { text: string; if?: Condition; look?: string; before?: string }[];
  questions?: readonly Question[];
  checks?: readonly { error: string; at: string; if: Condition }[];
}

export interface Section {
  id: string;
  title?: string;
  if?: Condition;
  repeat?: { least?: number; most?: number; noun: string; add?: string };
  pages: readonly Page[];
}

export interface QuestionSet {
  name: string;
  version: number;
  title: string;
  choices?: Readonly<Record<string, readonly Choice[]>>;
  sections: readonly Section[];
}
