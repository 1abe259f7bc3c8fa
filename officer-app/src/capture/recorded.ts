/** What an officer recorded, as it is read again on the phone: each answer under what its question is called. */
import { typeOf, type AskedQuestion } from '../forms/answer-types';
import { readAnswers, listRows } from '../forms/answers';
import type { QuestionSet, Texts } from '../forms/question-set';
import type { Json } from './canonical';
import { formatDate, formatWhen } from './times';

export interface RecordedAnswer {
  label: string;
  lines: readonly string[];
}

function linesOf(question: AskedQuestion, value: Json, now: Date): string[] {
  const labelOf = (one: Json): string =>
    question.allChoices.find((choice) => choice.value === one)?.label ?? (one as string);
  switch (question.type) {
    case 'choice':
    case 'yes_no':
      return [labelOf(value)];
    case 'choices':
      return (value as Json[]).map(labelOf);
    case 'declaration':
      return ['Yes'];
    case 'money':
      return [`£${(Number(value) / 100).toFixed(2)}`];
    case 'date':
      return [formatDate(new Date(`${value as string}T12:00:00Z`))];
    case 'when': {
      const { from, to } = value as { from: string | null; to: string | null };
      const times = [from, to].filter((time) => time !== null);
      return [times.map((time) => formatWhen(new Date(time), now)).join(' to ')];
    }
    case 'place': {
      const { address, postcode } = value as { address?: string; postcode?: string };
      return [address ?? '', postcode ?? ''].filter(Boolean);
    }
    default:
      return (typeof value === 'number' ? String(value) : (value as string))
        .split('\n')
        .filter(Boolean);
  }
}

/** Return the answers of a form in the order in which they are asked. `names` are better words for some of them, by question. */
export function listRecorded(
  set: QuestionSet,
  texts: Texts,
  now: Date,
  names: Readonly<Record<string, string>> = {},
): RecordedAnswer[] {
  return readAnswers(set, texts, now).pages.flatMap(({ section, row, prefix, questions }) =>
    questions.flatMap((question): RecordedAnswer[] => {
      const text = (field: string): string => (texts[prefix + field] ?? '').trim();
      const value = readValue(question, text, now);
      if (value === undefined) return [];
      const { id, short, label } = question;
      const number = row === null ? 0 : listRows(section, texts).indexOf(row) + 1;
      const name = names[id];
      return [
        {
          label:
            number === 0 ? (short ?? label) : `${section.title ?? ''} ${String(number)}: ${label}`,
          lines: name === undefined ? linesOf(question, value, now) : [name],
        },
      ];
    }),
  );
}

function readValue(
  question: AskedQuestion,
  text: (field: string) => string,
  at: Date,
): Json | undefined {
  try {
    const value = typeOf(question).read({ question, text, at });
    return value === '' || value === null ? undefined : value;
  } catch {
    return undefined;
  }
}
