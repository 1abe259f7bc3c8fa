/** Where the person who was searched or stopped can have the link to the record sent, if they want. */
import { html, nothing, type TemplateResult } from 'lit';
import type { FieldError } from '../capture/capture';
import { offersReceipt, type EncounterForm } from '../capture/encounter';
import { checkboxField, textField } from './fields';

export function receiptField(
  form: EncounterForm,
  errors: readonly FieldError[],
  onChange: (change: Partial<EncounterForm>) => void,
): TemplateResult | typeof nothing {
  if (!offersReceipt(form)) return nothing;
  const { receiptTo = '', receiptInWelsh = false } = form;
  return html`<section class="card" aria-labelledby="receipt-heading" data-testid="receipt-field">
    <h2 id="receipt-heading">Send them the link</h2>
    ${textField({
      id: 'receipt-to',
      label: 'Mobile number or email address (optional)',
      hint: 'Only if they want it. They can scan a QR code instead. We use it for this link and nothing else, and delete it after three months.',
      errors,
      value: receiptTo,
      maxlength: 250,
      inputmode: 'email',
      capitals: 'none',
      onInput: (value) => {
        onChange({ receiptTo: value });
      },
    })}
    ${
      receiptTo.trim() === ''
        ? nothing
        : checkboxField({
            id: 'receipt-welsh',
            label: 'Send it in Welsh',
            errors,
            value: receiptInWelsh,
            onTick: (value) => {
              onChange({ receiptInWelsh: value });
            },
          })
    }
  </section>`;
}
