/** The kinds of form field, each with its label, hint and error message tied together for screen readers. */
import { html, nothing, type TemplateResult } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';
import type { FieldError } from '../capture/capture';
import { sayTooLong } from '../capture/room';
import './dictate';

export interface FieldOptions {
  id: string;
  label: string;
  hint?: string;
  errors: readonly FieldError[];
}

export function errorFor(errors: readonly FieldError[], id: string): string | null {
  return errors.find((error) => error.field === id)?.message ?? null;
}

export function describedBy({ id, hint, errors }: FieldOptions): string | undefined {
  const ids = [
    hint === undefined ? '' : `${id}-hint`,
    errorFor(errors, id) === null ? '' : `${id}-error`,
  ].filter(Boolean);
  return ids.length === 0 ? undefined : ids.join(' ');
}

function hintAndError({ id, hint, errors }: FieldOptions): TemplateResult {
  const message = errorFor(errors, id);
  return html`
    ${hint === undefined ? nothing : html`<p class="hint" id="${id}-hint">${hint}</p>`}
    ${message === null ? nothing : html`<p class="error-message" id="${id}-error">${message}</p>`}
  `;
}

export function field(words: FieldOptions, control: TemplateResult): TemplateResult {
  return html`<div class="field ${errorFor(words.errors, words.id) === null ? '' : 'wrong'}">
    <label for=${words.id}>${words.label}</label>${hintAndError(words)}${control}
  </div>`;
}

/** Enter moves to the next field, so that a form can be filled in from the keyboard and is not submitted too early. */
export function moveOnEnter(event: KeyboardEvent): void {
  const here = event.target;
  if (
    event.key !== 'Enter' ||
    event.defaultPrevented ||
    !(here instanceof HTMLInputElement) ||
    here.form === null
  )
    return;
  event.preventDefault();
  const fields = [
    ...here.form.querySelectorAll<HTMLElement>('input, select, textarea, button[type=submit]'),
  ].filter((element) => element.offsetParent !== null); // only what is visible
  fields[fields.indexOf(here) + 1]?.focus();
}

/** Says under a field what it has no room for, until something else is typed. The browser cuts it. */
function sayWhatIsCut(event: InputEvent, most: number): void {
  const typed = event.target as HTMLInputElement | HTMLTextAreaElement;
  const notice = typed.parentElement?.querySelector(`[data-cut]`);
  if (notice === null || notice === undefined) return;
  const { value, selectionStart, selectionEnd } = typed;
  const added = event.data ?? event.dataTransfer?.getData('text/plain') ?? '';
  notice.textContent = sayTooLong({
    length: value.length,
    // Fields of some types don't say what is selected: then it may be all of it.
    selected:
      selectionStart === null || selectionEnd === null
        ? value.length
        : selectionEnd - selectionStart,
    added,
    most,
  });
}

/** Where `sayWhatIsCut` writes: empty, and so not shown, until then. */
const cutNotice = html`<p class="error-message" data-cut role="status"></p>`;

export interface TextFieldOptions extends FieldOptions {
  value: string;
  type?: string;
  inputmode?: string;
  autocomplete?: string;
  maxlength?: number;
  readonly?: boolean;
  capitals?: 'words' | 'characters' | 'none';
  onInput: (value: string) => void;
  onLeave?: () => void;
}

export function textField(words: TextFieldOptions): TemplateResult {
  return field(
    words,
    html`<input
        id=${words.id}
        data-testid=${words.id}
        type=${words.type ?? 'text'}
        .value=${words.value}
        maxlength=${words.maxlength ?? 200}
        inputmode=${ifDefined(words.inputmode)}
        autocomplete=${words.autocomplete ?? 'off'}
        ?readonly=${words.readonly ?? false}
        enterkeyhint="next"
        @beforeinput=${(event: InputEvent) => {
          sayWhatIsCut(event, words.maxlength ?? 200);
        }}
        autocapitalize=${ifDefined(words.capitals)}
        aria-describedby=${ifDefined(describedBy(words))}
        aria-invalid=${errorFor(words.errors, words.id) === null ? 'false' : 'true'}
        @input=${(event: InputEvent) => {
          words.onInput((event.target as HTMLInputElement).value);
        }}
        @blur=${() => {
          words.onLeave?.();
        }}
      />${cutNotice}`,
  );
}

export function textArea(words: TextFieldOptions & { isTall?: boolean }): TemplateResult {
  return field(
    words,
    html`<textarea
        id=${words.id}
        data-testid=${words.id}
        .value=${words.value}
        dir="auto"
        maxlength=${ifDefined(words.maxlength)}
        class=${words.isTall === true ? 'tall' : ''}
        ?readonly=${words.readonly ?? false}
        spellcheck="true"
        @beforeinput=${(event: InputEvent) => {
          if (words.maxlength !== undefined) sayWhatIsCut(event, words.maxlength);
        }}
        aria-describedby=${ifDefined(describedBy(words))}
        aria-invalid=${errorFor(words.errors, words.id) === null ? 'false' : 'true'}
        @input=${(event: InputEvent) => {
          words.onInput((event.target as HTMLTextAreaElement).value);
        }}
      ></textarea
      >${cutNotice}${words.readonly === true ? nothing : html`<bl-dictate></bl-dictate>`}`,
  );
}

export interface ChoiceOptions<V> extends FieldOptions {
  value: V | null;
  choices: readonly { value: V; label: string; hint?: string }[];
  disabled?: boolean;
  onPick: (value: V) => void;
}

/** Radio buttons; each has the id `<field>-<value>`. */
export function choiceField<V extends string | boolean>(words: ChoiceOptions<V>): TemplateResult {
  return html`<fieldset
    class="field ${errorFor(words.errors, words.id) === null ? '' : 'wrong'}"
    id=${words.id}
    tabindex="-1"
    aria-describedby=${ifDefined(describedBy(words))}
  >
    <legend>${words.label}</legend>
    ${hintAndError(words)}
    <div class="choices ${words.choices.length > 2 ? 'many' : ''}">
      ${words.choices.map(({ value, label, hint }) => {
        const name = typeof value === 'boolean' ? (value ? 'yes' : 'no') : value;
        return html`<label class="choice" for="${words.id}-${name}">
          <input
            type="radio"
            name=${words.id}
            id="${words.id}-${name}"
            data-testid="${words.id}-${name}"
            .checked=${words.value === value}
            ?disabled=${words.disabled ?? false}
            @change=${() => {
              words.onPick(value);
            }}
          /><span
            >${label}${hint === undefined ? nothing : html`<span class="hint about">${hint}</span>`}</span
          ></label
        >`;
      })}
    </div>
  </fieldset>`;
}

/** A control of several parts, such as a box to sign in, under one legend. */
export function labelledGroup(words: FieldOptions & { control: TemplateResult }): TemplateResult {
  return html`<fieldset
    class="field ${errorFor(words.errors, words.id) === null ? '' : 'wrong'}"
    id=${words.id}
    tabindex="-1"
    aria-describedby=${ifDefined(describedBy(words))}
  >
    <legend>${words.label}</legend>
    ${hintAndError(words)}${words.control}
  </fieldset>`;
}

/** One of many choices, in the phone's own list: quicker with one thumb than a long row of radio buttons. */
export function selectField(words: ChoiceOptions<string>): TemplateResult {
  const { id, value, choices, onPick } = words;
  return field(
    words,
    html`<select
      id=${id}
      data-testid=${id}
      aria-describedby=${ifDefined(describedBy(words))}
      aria-invalid=${errorFor(words.errors, id) === null ? 'false' : 'true'}
      @change=${(event: globalThis.Event) => {
        onPick((event.target as HTMLSelectElement).value);
      }}
    >
      <option value="" .selected=${value === ''}>Select one</option>
      ${choices.map(
        (choice) =>
          html`<option value=${choice.value} .selected=${value === choice.value}>
            ${choice.label}
          </option>`,
      )}
    </select>`,
  );
}

/** A few short choices as buttons in a row; each has the id `<field>-<value>`. */
export function buttonsField(
  words: ChoiceOptions<string> & { isLabelShown?: boolean },
): TemplateResult {
  const { id, label, value, choices, onPick } = words;
  return html`<div
    class="field ${errorFor(words.errors, id) === null ? '' : 'wrong'}"
    id=${id}
    tabindex="-1"
    role="group"
    aria-label=${label}
  >
    ${words.isLabelShown === true ? html`<p class="label" aria-hidden="true">${label}</p>` : nothing}${hintAndError(words)}
    <div class="chips kinds">
      ${choices.map(
        (choice) =>
          html` <button
            type="button"
            class="plain"
            data-testid="${id}-${choice.value}"
            aria-pressed=${value === choice.value ? 'true' : 'false'}
            @click=${() => {
              onPick(choice.value);
            }}
          >
            ${choice.label}
          </button>`,
      )}
    </div>
  </div>`;
}

/** Boxes to tick, any number of them; each has the id `<field>-<value>`. */
export function checkboxesField(
  words: Omit<ChoiceOptions<string>, 'value' | 'onPick'> & {
    value: readonly string[];
    onPick: (value: readonly string[]) => void;
  },
): TemplateResult {
  const { id, value, choices, onPick } = words;
  return html`<fieldset
    class="field ${errorFor(words.errors, id) === null ? '' : 'wrong'}"
    id=${id}
    tabindex="-1"
    aria-describedby=${ifDefined(describedBy(words))}
  >
    <legend>${words.label}</legend>
    ${hintAndError(words)}
    <div class="choices ${choices.length > 2 ? 'many' : ''}">
      ${choices.map(
        (choice) =>
          html`<label class="choice" for="${id}-${choice.value}">
            <input
              type="checkbox"
              id="${id}-${choice.value}"
              data-testid="${id}-${choice.value}"
              .checked=${value.includes(choice.value)}
              @change=${(event: globalThis.Event) => {
                const others = value.filter((one) => one !== choice.value);
                const { checked } = event.target as HTMLInputElement;
                onPick(checked ? [...others, choice.value] : others);
              }}
            /><span
              >${choice.label}${choice.hint === undefined ? nothing : html`<span class="hint about">${choice.hint}</span>`}</span
            ></label
          >`,
      )}
    </div>
  </fieldset>`;
}

export function checkboxField(
  words: FieldOptions & { value: boolean; disabled?: boolean; onTick: (value: boolean) => void },
): TemplateResult {
  const message = errorFor(words.errors, words.id);
  return html`<div class="field ${message === null ? '' : 'wrong'}">
    ${hintAndError(words)}
    <label class="choice" for=${words.id}>
      <input
        type="checkbox"
        id=${words.id}
        data-testid=${words.id}
        .checked=${words.value}
        ?disabled=${words.disabled ?? false}
        aria-describedby=${ifDefined(describedBy(words))}
        @change=${(event: globalThis.Event) => {
          words.onTick((event.target as HTMLInputElement).checked);
        }}
      />${words.label}</label
    >
  </div>`;
}

/** The error summary at the top of a form; each line moves the focus to its field. */
export function errorSummary(
  errors: readonly FieldError[],
  root: () => ParentNode,
): TemplateResult | typeof nothing {
  if (errors.length === 0) return nothing;
  const go = (event: MouseEvent, id: string): void => {
    event.preventDefault();
    const target = root().querySelector<HTMLElement>(`[id="${id}"]`);
    target?.scrollIntoView({ block: 'center' });
    target?.focus({ preventScroll: true });
  };
  return html`<div
    class="notice bad"
    id="error-summary"
    data-testid="error-summary"
    role="alert"
    tabindex="-1"
  >
    <h2>There is a problem</h2>
    <ul>
      ${errors.map(
        (error) =>
          html`<li>
            <a
              href="#${error.field}"
              @click=${(e: MouseEvent) => {
                go(e, error.field);
              }}
              >${error.message}</a
            >
          </li>`,
      )}
    </ul>
  </div>`;
}
