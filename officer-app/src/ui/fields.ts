/** The few kinds of field, each with its label, hint and plain-words mend tied together for screen readers. */
import { html, nothing, type TemplateResult } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';
import type { Mend } from '../capture/capture';

export interface FieldWords {
  id: string;
  label: string;
  hint?: string;
  mends: readonly Mend[];
}

export function mendFor(mends: readonly Mend[], id: string): string | null {
  return mends.find((mend) => mend.field === id)?.message ?? null;
}

export function describedBy({ id, hint, mends }: FieldWords): string | undefined {
  const ids = [hint === undefined ? '' : `${id}-hint`, mendFor(mends, id) === null ? '' : `${id}-mend`].filter(Boolean);
  return ids.length === 0 ? undefined : ids.join(' ');
}

function notes({ id, hint, mends }: FieldWords): TemplateResult {
  const message = mendFor(mends, id);
  return html`
    ${hint === undefined ? nothing : html`<p class="hint" id="${id}-hint">${hint}</p>`}
    ${message === null ? nothing : html`<p class="mend" id="${id}-mend">${message}</p>`}
  `;
}

export function field(words: FieldWords, control: TemplateResult): TemplateResult {
  return html`<div class="field ${mendFor(words.mends, words.id) === null ? '' : 'wrong'}">
    <label for=${words.id}>${words.label}</label>${notes(words)}${control}
  </div>`;
}

/** Enter goes to the next field, so that a form is filled from the keyboard alone and nothing is given too early. */
export function enterGoesOn(event: KeyboardEvent): void {
  const here = event.target;
  if (event.key !== 'Enter' || event.defaultPrevented || !(here instanceof HTMLInputElement) || here.form === null) return;
  event.preventDefault();
  const fields = [...here.form.querySelectorAll<HTMLElement>('input, textarea, button[type=submit]')].filter((each) => each.offsetParent !== null);
  fields[fields.indexOf(here) + 1]?.focus();
}

export interface TextWords extends FieldWords {
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

export function textField(words: TextWords): TemplateResult {
  return field(
    words,
    html`<input
      id=${words.id} data-testid=${words.id} type=${words.type ?? 'text'} .value=${words.value} maxlength=${words.maxlength ?? 200}
      inputmode=${ifDefined(words.inputmode)} autocomplete=${words.autocomplete ?? 'off'} ?readonly=${words.readonly ?? false} enterkeyhint="next" autocapitalize=${ifDefined(words.capitals)}
      aria-describedby=${ifDefined(describedBy(words))} aria-invalid=${mendFor(words.mends, words.id) === null ? 'false' : 'true'}
      @input=${(event: InputEvent) => { words.onInput((event.target as HTMLInputElement).value); }}
      @blur=${() => { words.onLeave?.(); }}
    />`,
  );
}

export function textArea(words: TextWords & { isTall?: boolean }): TemplateResult {
  return field(
    words,
    html`<textarea
      id=${words.id} data-testid=${words.id} .value=${words.value} maxlength=${words.maxlength ?? 4000} class=${words.isTall === true ? 'tall' : ''}
      ?readonly=${words.readonly ?? false} spellcheck="true"
      aria-describedby=${ifDefined(describedBy(words))} aria-invalid=${mendFor(words.mends, words.id) === null ? 'false' : 'true'}
      @input=${(event: InputEvent) => { words.onInput((event.target as HTMLTextAreaElement).value); }}
    ></textarea>`,
  );
}

export interface ChoiceWords<V> extends FieldWords {
  value: V | null;
  choices: { value: V; label: string }[];
  disabled?: boolean;
  onPick: (value: V) => void;
}

/** One of a few, as radio buttons; each has the id `<field>-<value>`. */
export function choiceField<V extends string | boolean>(words: ChoiceWords<V>): TemplateResult {
  return html`<fieldset class="field ${mendFor(words.mends, words.id) === null ? '' : 'wrong'}" id=${words.id} tabindex="-1"
    aria-describedby=${ifDefined(describedBy(words))}>
    <legend>${words.label}</legend>${notes(words)}
    <div class="choices ${words.choices.length > 2 ? 'many' : ''}">
      ${words.choices.map(({ value, label }) => {
        const name = typeof value === 'boolean' ? (value ? 'yes' : 'no') : value;
        return html`<label class="choice" for="${words.id}-${name}">
          <input type="radio" name=${words.id} id="${words.id}-${name}" data-testid="${words.id}-${name}" .checked=${words.value === value}
            ?disabled=${words.disabled ?? false} @change=${() => { words.onPick(value); }} />${label}</label>`;
      })}
    </div>
  </fieldset>`;
}

export function tick(words: FieldWords & { value: boolean; disabled?: boolean; onTick: (value: boolean) => void }): TemplateResult {
  const message = mendFor(words.mends, words.id);
  return html`<div class="field ${message === null ? '' : 'wrong'}">
    ${notes(words)}
    <label class="choice" for=${words.id}>
      <input type="checkbox" id=${words.id} data-testid=${words.id} .checked=${words.value} ?disabled=${words.disabled ?? false}
        aria-describedby=${ifDefined(describedBy(words))}
        @change=${(event: globalThis.Event) => { words.onTick((event.target as HTMLInputElement).checked); }} />${words.label}</label>
  </div>`;
}

/** What has to be mended, at the top, each line leading to its field. */
export function mendSummary(mends: readonly Mend[], root: () => ParentNode): TemplateResult | typeof nothing {
  if (mends.length === 0) return nothing;
  const go = (event: MouseEvent, id: string): void => {
    event.preventDefault();
    const target = root().querySelector<HTMLElement>(`#${id}`);
    target?.scrollIntoView({ block: 'center' });
    target?.focus({ preventScroll: true });
  };
  return html`<div class="notice bad" id="mends" data-testid="mends" role="alert" tabindex="-1">
    <h2>${mends.length === 1 ? 'One thing to mend' : `${String(mends.length)} things to mend`}</h2>
    <ul>${mends.map((mend) => html`<li><a href="#${mend.field}" @click=${(e: MouseEvent) => { go(e, mend.field); }}>${mend.message}</a></li>`)}</ul>
  </div>`;
}
