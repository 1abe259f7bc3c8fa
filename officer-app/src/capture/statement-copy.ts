/** The copy of a statement that its maker can have: whether to offer it, and where it goes. */
import { canBeTexted } from './crime';
import { parseEmail } from './readers';
import type { PersonDetails, StatementForm } from './statement';

export type CopyMeans = 'sms' | 'email';

/** The ways to send a copy, or why it can't be sent. */
export interface CopyOffer {
  ways: readonly { means: CopyMeans; to: string }[];
  why: string;
}

const NO_COPY = { ways: [] };

/** What to offer the maker; null where the server does not say whether this officer may send copies. */
export function findCopyOffer(
  form: StatementForm,
  crime: { person: PersonDetails; isUnsafe?: boolean },
  maySend: boolean | undefined,
): CopyOffer | null {
  if (maySend === undefined) return null;
  if (!maySend) return { ...NO_COPY, why: 'you can’t send copies of statements in your force.' };
  // Known of whom this crime was recorded with. The server knows it of everybody, and never writes to them.
  if (crime.isUnsafe === true && form.personId === crime.person.personId)
    return { ...NO_COPY, why: 'they said it isn’t safe to contact them.' };
  const ways = listWays(form);
  return {
    ways,
    why: ways.length > 0 ? '' : 'there’s no mobile number or email address for them.',
  };
}

function listWays({ phone, email }: StatementForm): CopyOffer['ways'] {
  return [
    ...(canBeTexted(phone) ? [{ means: 'sms' as const, to: phone.trim() }] : []),
    ...(parseEmail(email) === null ? [] : [{ means: 'email' as const, to: email.trim() }]),
  ];
}

/** Change some answers. A new number or maker takes the wish for a copy away: what was safe was the old one. */
export function withAnswers(form: StatementForm, change: Partial<StatementForm>): StatementForm {
  const next = { ...form, ...change };
  const isElsewhere = (['personId', 'phone', 'email'] as const).some((k) => next[k] !== form[k]);
  if (isElsewhere) delete next.copyMeans;
  return next;
}

/** What the capture says of the copy: nothing where none is wanted, which an older server understands. */
export function copyFields(form: StatementForm): {
  copy_means?: CopyMeans;
  copy_language?: 'en' | 'cy';
} {
  const means = listWays(form).find((way) => way.means === form.copyMeans)?.means;
  return means === undefined
    ? {}
    : { copy_means: means, copy_language: form.copyInWelsh === true ? 'cy' : 'en' };
}
