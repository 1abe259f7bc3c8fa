/** What the crime form adds to the questions about the victim: a person, a business or the State. */
import { html, nothing, type TemplateResult } from 'lit';
import { canBeTexted, copyVictim, type CrimeForm } from '../capture/crime';
import type { Extras } from '../forms/questions';
import type { CrimeDetail } from './controller';

type OnChange = (change: Partial<CrimeForm>) => void;

/** `copyFrom` is the crime that this form was copied from; null where it was not. */
export function victimExtras(
  form: CrimeForm,
  copyFrom: CrimeDetail | null,
  onChange: OnChange,
): Extras {
  const isBusiness = form.victimKind === 'business';
  // Names the place, so that nobody ticks it for a street they were robbed in.
  const place = [form.address.trim(), form.postcode.trim()].filter(Boolean).join(', ');
  const canText = form.phone.trim() === '' || canBeTexted(form.phone);
  return {
    ...copiedHints(form, copyFrom),
    victim: {
      hasButtons: true,
      before: sameVictimButton(form, copyFrom, onChange),
      after:
        form.victimKind === 'state'
          ? html`<p class="field muted" data-testid="state-note">
              For drugs, weapons and public order offences, where there is no other victim.
            </p>`
          : nothing,
    },
    given_name: isBusiness ? { label: 'First name of the person you spoke to' } : {},
    lives_there: {
      label: `${isBusiness ? 'The business is at' : 'They live at'} ${place === '' ? 'the address above' : place}`,
    },
    born_on: knownHint(form, 'bornOn'),
    email: knownHint(form, 'email'),
    phone: canText
      ? knownHint(form, 'phone')
      : {
          hint:
            form.email.trim() === ''
              ? 'We cannot text this number. Call them, or add an email address.'
              : 'We cannot text this number. We’ll use the email address.',
        },
  };
}

const filledIn = (number: string): { hint: string } => ({
  hint: `We filled this in from ${number === '' ? 'the other crime' : `crime ${number}`}. Change it if it’s wrong.`,
});

/** Where the place and the time of a crime that was copied are from, until they are changed. */
function copiedHints(form: CrimeForm, copyFrom: CrimeDetail | null): Extras {
  if (copyFrom === null) return {};
  const isSamePlace = form.address !== '' && form.address === copyFrom.place;
  const isSameTime = form.occurredFrom === copyFrom.occurredFrom;
  return {
    place: isSamePlace ? filledIn(copyFrom.number) : undefined,
    occurred: isSameTime ? filledIn(copyFrom.number) : undefined,
  };
}

/** Where an answer about a victim on record is from; once it is changed, what becomes of the record. */
function knownHint(form: CrimeForm, name: 'bornOn' | 'phone' | 'email'): { hint?: string } {
  const { known } = form;
  if (known?.personId !== form.personId || known[name] === '') return {};
  if (form[name].trim() === known[name]) return filledIn(known.number);
  const onRecord = name === 'bornOn' ? 'another date of birth' : known[name];
  return { hint: `Their record has ${onRecord}. We’ll correct it.` };
}

function sameVictimButton(
  form: CrimeForm,
  copyFrom: CrimeDetail | null,
  onChange: OnChange,
): TemplateResult | typeof nothing {
  if (
    copyFrom === null ||
    copyFrom.victimName === '' ||
    copyFrom.isAgainstState ||
    [copyFrom.person.personId, copyFrom.business?.id].includes(form.personId)
  )
    return nothing;
  return html`<p class="field">
    <button
      type="button"
      class="plain wide"
      data-testid="same-victim"
      @click=${() => {
        onChange(copyVictim(form, copyFrom));
      }}
    >
      Same victim: ${copyFrom.victimName}
    </button>
  </p>`;
}
