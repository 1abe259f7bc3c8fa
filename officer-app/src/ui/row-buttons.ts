/** The buttons that add a row to a section of a form, and take one away. */
import { html, nothing, type LitElement, type TemplateResult } from 'lit';
import { addRow, listRows, removeRow } from '../forms/answers';
import type { Section, Texts } from '../forms/question-set';

const USUAL_MOST = 20;

/** A form on the screen: what was typed in it, and who is told when that changes. */
type Form = LitElement & { texts: Texts; emit: (texts: Texts) => void };

function rowButton(
  name: string,
  { id }: Section,
  label: string,
  onClick: () => void,
): TemplateResult {
  return html`<button
    type="button"
    class="plain wide row-button"
    data-testid=${name}
    data-section=${id}
    @click=${onClick}
  >
    ${label}
  </button>`;
}

export function addRowButton(form: Form, section: Section): TemplateResult | typeof nothing {
  const { most = USUAL_MOST, noun = '', add = `Add a ${noun}` } = section.repeat ?? { most: 0 };
  if (listRows(section, form.texts).length >= most) return nothing;
  return rowButton('add-row', section, add, () => {
    form.emit(addRow(section, form.texts));
    focusLastRow(form, section);
  });
}

export function removeRowButton(
  form: Form,
  section: Section,
  row: number,
  number: number,
): TemplateResult {
  const label = `Remove ${section.repeat?.noun ?? ''} ${String(number)}`;
  return rowButton('remove-row', section, label, () => {
    form.emit(removeRow(section, form.texts, row));
  });
}

/** Whoever adds a row goes on in it: its first field has the focus once it is drawn. */
function focusLastRow(form: Form, section: Section): void {
  const row = String(listRows(section, form.texts).at(-1));
  // Drawn by the screen, after the form has been saved.
  setTimeout(() => {
    requestAnimationFrame(() => {
      form
        .querySelector<HTMLElement>(
          `[id^="${section.id}.${row}."]:is(input, select, textarea, fieldset, [tabindex])`,
        )
        ?.focus();
    });
  });
}
