/** After the signatures: whether the maker of the statement wants a copy, and where to. */
import { html, nothing, type TemplateResult } from 'lit';
import type { FieldError } from '../capture/capture';
import type { StatementForm } from '../capture/statement';
import type { CopyMeans, CopyOffer } from '../capture/statement-copy';
import { checkboxField, choiceField } from './fields';

export function copySection(
  form: StatementForm,
  offer: CopyOffer | null,
  errors: readonly FieldError[],
  onChange: (change: Partial<StatementForm>) => void,
): TemplateResult | typeof nothing {
  if (offer === null) return nothing;
  if (offer.ways.length === 0)
    return html`<p class="muted" data-testid="no-copy">We can’t send them a copy: ${offer.why}</p>`;
  return html`<section class="card" aria-label="Copy of the statement" data-testid="copy-offer">
    ${choiceField<CopyMeans | 'none'>({
      id: 'copy_means',
      label: 'Send them a copy?',
      hint: 'We send a link that opens with a code. Select yes only if they want it and say it’s safe to send it there.',
      errors,
      value: form.copyMeans ?? null,
      choices: [
        ...offer.ways.map(({ means, to }) => ({
          value: means,
          label: `Yes, by ${means === 'sms' ? 'text' : 'email'} to ${to}`,
        })),
        { value: 'none', label: 'No' },
      ],
      onPick: (copyMeans) => {
        onChange({ copyMeans });
      },
    })}
    ${
      form.copyMeans === 'sms' || form.copyMeans === 'email'
        ? checkboxField({
            id: 'copy_in_welsh',
            label: 'Send it in Welsh',
            errors,
            value: form.copyInWelsh === true,
            onTick: (copyInWelsh) => {
              onChange({ copyInWelsh });
            },
          })
        : nothing
    }
  </section>`;
}
