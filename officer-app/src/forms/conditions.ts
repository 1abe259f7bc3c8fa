/** Conditions, with the server's meaning: contracts/vectors/forms-conditions.json holds both to one. */
import type { Json } from '../capture/canonical';
import type { Condition, Values } from './question-set';

type Item = Json | undefined;

/** Say whether a value is an answer: not nothing, no empty text and no empty list. */
export function isAnswered(value: Item): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null && value !== '';
}

function toList<V>(operand: V | readonly V[]): readonly V[] {
  return Array.isArray(operand) ? (operand as V[]) : [operand as V];
}

/** The day that "today", "14 years ago", "in 2 weeks" or "2026-03-02" names; null where it names none. */
export function resolveDay(text: string, today: string): string | null {
  if (text === 'today') return today;
  const parts = /^(in )?([0-9]{1,4}) (day|week|month|year)s?( ago)?$/.exec(text);
  if (parts === null) return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : null;
  if ((parts[1] === undefined) === (parts[4] === undefined)) return null;
  const count = Number(parts[2]) * (parts[1] === undefined ? -1 : 1);
  const [year = 0, month = 1, day = 1] = today.split('-').map(Number);
  const iso = (date: Date): string => date.toISOString().slice(0, 10);
  const days = { day: 1, week: 7 }[parts[3] ?? ''];
  if (days !== undefined) return iso(new Date(Date.UTC(year, month - 1, day + count * days)));
  const months = month - 1 + count * (parts[3] === 'year' ? 12 : 1);
  // The same day of another month, or that month's last where it is too short.
  const last = new Date(Date.UTC(year, months + 1, 0)).getUTCDate();
  return iso(new Date(Date.UTC(year, months, Math.min(day, last))));
}

/** Say whether a condition holds; no condition always does. What is not answered makes every comparison false. */
export function holds(condition: Condition | undefined, values: Values, today: string): boolean {
  const [name, operand] = Object.entries(condition ?? {})[0] ?? [];
  if (name === undefined) return true;
  const inner = (): readonly Condition[] => toList<Condition>(operand as Condition);
  const answered = (id: string): boolean => isAnswered(values[id]);
  const [id = '', limit] = Object.entries(operand ?? {})[0] ?? [];
  const value = values[id];
  const order = (test: (difference: number) => boolean): boolean =>
    typeof value === 'number' && test(value - Number(limit));
  const day = (test: (value: string, day: string) => boolean): boolean => {
    // What names no day is the id of another date's question.
    const bound = typeof limit === 'string' ? (resolveDay(limit, today) ?? values[limit]) : null;
    return typeof value === 'string' && typeof bound === 'string' && test(value, bound);
  };
  switch (name) {
    case 'all':
      return inner().every((each) => holds(each, values, today));
    case 'any':
      return inner().some((each) => holds(each, values, today));
    case 'not':
      return !holds(operand as Condition, values, today);
    case 'answered':
      return toList(operand as string).every(answered);
    case 'missing':
      return !toList(operand as string).some(answered);
    case 'less':
      return order((difference) => difference < 0);
    case 'more':
      return order((difference) => difference > 0);
    case 'before':
      return day((text, bound) => text < bound);
    case 'after':
      return day((text, bound) => text > bound);
    default:
      return toList(values[name] ?? []).some((one) => toList(operand).includes(one));
  }
}
