/** The part of the crime form about the victim: a person, a business or the State. */
import { html, nothing, type TemplateResult } from 'lit';
import type { FieldError } from '../capture/capture';
import { canBeTexted, copyVictim, type CrimeForm, type VictimKind } from '../capture/crime';
import type { CrimeDetail } from './controller';
import { checkboxField, choiceField, textField } from './fields';

const VICTIM_KINDS: readonly (readonly [VictimKind, string])[] = [
  ['person', 'Person'],
  ['business', 'Business'],
  ['state', 'The State'],
];

export interface VictimSection {
  form: CrimeForm;
  errors: readonly FieldError[];
  /** The crime that this form was copied from; null where it was not. */
  copyFrom: CrimeDetail | null;
  onChange: (change: Partial<CrimeForm>) => void;
}

export function victimSection(section: VictimSection): TemplateResult {
  const { form, errors, onChange } = section;
  const kind = form.victimKind ?? 'person';
  return html`<section class="card" aria-labelledby="victim">
    <h2 id="victim">The victim</h2>
    ${sameVictimButton(section)}
    <div class="chips kinds" role="group" aria-labelledby="victim">
      ${VICTIM_KINDS.map(
        ([value, label]) =>
          html` <button
            type="button"
            class="plain"
            data-testid="victim-${value}"
            aria-pressed=${kind === value ? 'true' : 'false'}
            @click=${() => {
              onChange({ victimKind: value, livesThere: false });
            }}
          >
            ${label}
          </button>`,
      )}
    </div>
    ${
      kind === 'state'
        ? html`<p class="field muted" data-testid="state-note">
            For drugs, weapons and public order offences, where there is no other victim.
          </p>`
        : html` ${
              kind === 'business'
                ? html` ${textField({
                    id: 'business_name',
                    label: 'Name of the business',
                    errors,
                    value: form.businessName ?? '',
                    maxlength: 200,
                    capitals: 'words',
                    onInput: (businessName) => {
                      onChange({ businessName });
                    },
                  })}
                  ${sameAddressCheckbox(section, 'The business is at')}`
                : nothing
            }
            <div class="pair">
              ${textField({
                id: 'given_name',
                label: kind === 'business' ? 'First name of the person you spoke to' : 'First name',
                errors,
                value: form.givenName,
                maxlength: 35,
                capitals: 'words',
                onInput: (givenName) => {
                  onChange({ givenName });
                },
              })}
              ${textField({
                id: 'family_name',
                label: 'Last name',
                errors,
                value: form.familyName,
                maxlength: 35,
                capitals: 'words',
                onInput: (familyName) => {
                  onChange({ familyName });
                },
              })}
            </div>
            ${kind === 'person' ? sameAddressCheckbox(section, 'They live at') : nothing}
            <div class="pair">
              ${textField({
                id: 'phone',
                label: 'Phone number',
                ...(form.phone.trim() === '' || canBeTexted(form.phone)
                  ? {}
                  : {
                      hint:
                        form.email.trim() === ''
                          ? 'We cannot text this number. Call them, or add an email address.'
                          : 'We cannot text this number. We’ll use the email address.',
                    }),
                errors,
                value: form.phone,
                type: 'tel',
                inputmode: 'tel',
                maxlength: 40,
                onInput: (phone) => {
                  onChange({ phone });
                },
              })}
              ${textField({
                id: 'email',
                label: 'Email address',
                errors,
                value: form.email,
                type: 'email',
                inputmode: 'email',
                maxlength: 254,
                onInput: (email) => {
                  onChange({ email });
                },
              })}
            </div>
            ${choiceField({
              id: 'safe',
              label: 'Is it safe to call, text or write to them?',
              hint: 'Ask them. We send nothing unless they say yes.',
              errors,
              value: form.isUnsafe === undefined ? null : !form.isUnsafe,
              choices: [
                { value: true, label: 'Yes' },
                { value: false, label: 'No' },
              ],
              onPick: (isSafe) => {
                onChange({ isUnsafe: !isSafe });
              },
            })}
            ${
              kind === 'person'
                ? textField({
                    id: 'born_on',
                    label: 'Date of birth (optional)',
                    errors,
                    value: form.bornOn,
                    type: 'date',
                    onInput: (bornOn) => {
                      onChange({ bornOn });
                    },
                  })
                : nothing
            }`
    }
  </section>`;
}

/** Names the place, so that nobody ticks it for a street they were robbed in. */
function sameAddressCheckbox(
  { form, errors, onChange }: VictimSection,
  label: string,
): TemplateResult {
  const place = [form.address.trim(), form.postcode.trim()].filter(Boolean).join(', ');
  return checkboxField({
    id: 'lives_there',
    label: `${label} ${place === '' ? 'the address above' : place}`,
    errors,
    value: form.livesThere ?? false,
    onTick: (livesThere) => {
      onChange({ livesThere });
    },
  });
}

function sameVictimButton({
  form,
  copyFrom,
  onChange,
}: VictimSection): TemplateResult | typeof nothing {
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
