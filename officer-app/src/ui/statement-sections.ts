/** The parts of the statement form about who makes it, and about what is for the police only. */
import { html, nothing, type TemplateResult } from 'lit';
import type { FieldError } from '../capture/capture';
import { newId } from '../capture/ids';
import { compareNames } from '../capture/maker-names';
import { isSigned, type PersonDetails, type StatementForm } from '../capture/statement';
import { choiceField, textField } from './fields';
import { consentsSection } from './statement-more';

export interface MakerSection {
  form: StatementForm;
  errors: readonly FieldError[];
  victim: PersonDetails;
  /** Once it is signed, a statement does not change. */
  isSigned: boolean;
  onChange: (change: Partial<StatementForm>) => void;
  onPickMaker: (isVictim: boolean) => void;
}

/** Asked where the name is not quite that on record: a daughter’s statement must not become her mother’s. */
function sameMakerField({
  form,
  errors,
  isSigned,
  onChange,
}: Pick<MakerSection, 'form' | 'errors' | 'isSigned' | 'onChange'>):
  TemplateResult | typeof nothing {
  const record = form.nameOnRecord ?? '';
  if (form.makerName.trim() === '' || compareNames(form.makerName, record) !== 'unclear')
    return nothing;
  return choiceField({
    id: 'maker_confirmed',
    label: `Is this ${record}, as we recorded them?`,
    errors,
    disabled: isSigned,
    value: form.makerConfirmed === true ? true : null,
    choices: [
      { value: true, label: 'Yes, the same person' },
      { value: false, label: 'No, someone else' },
    ],
    onPick: (isSame) => {
      onChange(
        isSame
          ? { makerConfirmed: true }
          : { personId: newId(), nameOnRecord: '', makerConfirmed: false },
      );
    },
  });
}

export function makerSection({
  form,
  errors,
  victim,
  isSigned,
  onChange,
  onPickMaker,
}: MakerSection): TemplateResult {
  return html`<section class="card" aria-labelledby="who">
    <h2 id="who">Who is making the statement</h2>
    ${
      victim.name === ''
        ? nothing
        : choiceField({
            id: 'maker',
            label: 'Whose statement is this?',
            errors,
            disabled: isSigned,
            value: form.personId === victim.personId,
            choices: [
              { value: true, label: victim.name },
              { value: false, label: 'Someone else' },
            ],
            onPick: (isVictim) => {
              onPickMaker(isVictim);
            },
          })
    }
    ${textField({
      id: 'maker_name',
      label: 'Full name',
      errors,
      value: form.makerName,
      readonly: isSigned,
      maxlength: 100,
      capitals: 'words',
      onInput: (makerName) => {
        onChange({ makerName, makerConfirmed: false });
      },
    })}
    ${sameMakerField({ form, errors, isSigned, onChange })}
    ${choiceField({
      id: 'over_18',
      label: 'Are they over 18?',
      errors,
      value: form.over18,
      disabled: isSigned,
      choices: [
        { value: true, label: 'Yes, over 18' },
        { value: false, label: 'No' },
      ],
      onPick: (over18) => {
        onChange({ over18 });
      },
    })}
    ${
      form.over18 === false
        ? textField({
            id: 'age',
            label: 'Their age',
            hint: 'Consider a video-recorded interview for a child. A parent or guardian should be there.',
            errors,
            value: form.age,
            inputmode: 'numeric',
            maxlength: 2,
            readonly: isSigned,
            onInput: (age) => {
              onChange({ age });
            },
          })
        : nothing
    }
    ${textField({
      id: 'occupation',
      label: 'Occupation',
      errors,
      value: form.occupation,
      readonly: isSigned,
      maxlength: 100,
      onInput: (occupation) => {
        onChange({ occupation });
      },
    })}
  </section>`;
}

/** What most people answer, in one press that says what it answers. It never changes an answer. */
function usualAnswersButton(
  form: StatementForm,
  onChange: MakerSection['onChange'],
): TemplateResult | typeof nothing {
  const isBegun =
    form.willingToAttend !== null ||
    form.specialMeasuresNeeded !== null ||
    form.datesNotAvailable !== '' ||
    form.vps !== '';
  if (isBegun) return nothing;
  return html`<button
    type="button"
    class="plain wide"
    data-testid="usual-answers"
    @click=${() => {
      onChange({
        willingToAttend: true,
        datesNotAvailable: 'None',
        specialMeasuresNeeded: false,
        vps: 'offered',
      });
    }}
  >
    They’d go to court on any date, need no help, and I’ve offered a Victim Personal Statement
  </button>`;
}

export function policeOnlySection(
  form: StatementForm,
  errors: readonly FieldError[],
  onChange: (change: Partial<StatementForm>) => void,
): TemplateResult {
  return html`<section class="card" aria-labelledby="back">
    <h2 id="back">For the police only</h2>
    <p class="hint">This goes on the back of the form. The defence does not see it.</p>
    ${usualAnswersButton(form, onChange)}
    ${choiceField({
      id: 'willing_to_attend',
      label: 'Would they go to court?',
      errors,
      value: form.willingToAttend,
      choices: [
        { value: true, label: 'Yes' },
        { value: false, label: 'No' },
      ],
      onPick: (willingToAttend) => {
        onChange({ willingToAttend });
      },
    })}
    ${textField({
      id: 'dates_not_available',
      label: 'Dates they can’t go to court',
      errors,
      value: form.datesNotAvailable,
      maxlength: 300,
      onInput: (datesNotAvailable) => {
        onChange({ datesNotAvailable });
      },
    })}
    ${
      form.datesNotAvailable === ''
        ? html`<button
            type="button"
            class="plain small"
            data-testid="dates-none"
            @click=${() => {
              onChange({ datesNotAvailable: 'None' });
            }}
          >
            None
          </button>`
        : nothing
    }
    ${choiceField({
      id: 'special_measures_needed',
      label: 'Might they need help to give evidence?',
      errors,
      value: form.specialMeasuresNeeded,
      choices: [
        { value: true, label: 'Yes' },
        { value: false, label: 'No' },
      ],
      onPick: (specialMeasuresNeeded) => {
        onChange({ specialMeasuresNeeded });
      },
    })}
    ${choiceField<'offered' | 'made' | 'declined'>({
      id: 'vps',
      label: 'Victim Personal Statement',
      errors,
      value: form.vps === '' ? null : form.vps,
      choices: [
        { value: 'offered', label: 'Offered' },
        { value: 'made', label: 'Made' },
        { value: 'declined', label: 'Declined' },
      ],
      onPick: (vps) => {
        onChange({ vps });
      },
    })}
    ${consentsSection({ form, errors, isSigned: isSigned(form), onChange })}
    <details class="field">
      <summary>Address, phone and email</summary>
      ${textField({
        id: 'back_address',
        label: 'Home address',
        errors,
        value: form.address,
        maxlength: 300,
        onInput: (address) => {
          onChange({ address });
        },
      })}
      ${textField({
        id: 'back_postcode',
        label: 'Postcode',
        errors,
        value: form.postcode,
        maxlength: 10,
        onInput: (postcode) => {
          onChange({ postcode });
        },
      })}
      <div class="pair">
        ${textField({
          id: 'back_phone',
          label: 'Phone number',
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
          id: 'back_email',
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
      ${textField({
        id: 'taken_at_place',
        label: 'Where the statement is taken',
        errors,
        value: form.takenAtPlace,
        maxlength: 300,
        onInput: (takenAtPlace) => {
          onChange({ takenAtPlace });
        },
      })}
    </details>
  </section>`;
}
