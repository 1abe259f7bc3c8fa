/** An offence picker: a combobox (WAI-ARIA 1.2 pattern) over the list saved on the phone. */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ifDefined } from 'lit/directives/if-defined.js';
import { findOffences, type Offence } from '../capture/offences';
import { base } from './styles';

export interface OffencePicked {
  code: string;
  typed: string;
}

/** The server's list begins with the most common offences: this many get a button of their own. */
const COMMON_COUNT = 6;

@customElement('bl-offence-picker')
export class OffencePickerElement extends LitElement {
  static override shadowRootOptions: ShadowRootInit = {
    ...LitElement.shadowRootOptions,
    delegatesFocus: true,
  };
  static override styles = [
    base,
    css`
      .box {
        position: relative;
      }
      ul {
        border: 2px solid var(--field-line);
        border-top: 0;
        border-radius: 0 0 0.5rem 0.5rem;
        background: var(--card);
        max-height: 24rem;
        overflow-y: auto;
      }
      li {
        min-height: 3.25rem;
        padding: 0.625rem 0.875rem;
        border-top: 1px solid var(--line);
        cursor: pointer;
      }
      li:first-child {
        border-top: 0;
      }
      li[aria-selected='true'],
      li:hover {
        background: var(--soft);
        box-shadow: inset 0.25rem 0 0 var(--link);
      }
      li b {
        display: block;
        font-weight: 650;
      }
      li span {
        color: var(--muted);
        font-size: 0.95rem;
      }
      .chosen {
        margin-top: 0.5rem;
        color: var(--good);
        font-weight: 600;
      }
    `,
  ];

  @property({ attribute: false }) offences: readonly Offence[] = [];
  @property({ attribute: false }) typed = '';
  @property({ attribute: false }) code = '';
  @property({ attribute: false }) error: string | null = null;
  @state() private results: Offence[] = [];
  @state() private activeIndex = -1;

  private emitPick(detail: OffencePicked): void {
    this.dispatchEvent(new CustomEvent<OffencePicked>('pick', { detail }));
  }

  private search(typed: string): void {
    this.results = findOffences(this.offences, typed);
    this.activeIndex = this.results.length > 0 ? 0 : -1;
    this.emitPick({ code: '', typed });
  }

  private commonOffences(): TemplateResult | typeof nothing {
    if (this.code !== '' || this.typed.trim() !== '') return nothing;
    return html`<div class="chips" role="group" aria-label="Common offences">
      ${this.offences.slice(0, COMMON_COUNT).map(
        (offence) =>
          html` <button
            type="button"
            class="plain"
            data-testid="offence-common"
            data-code=${offence.code}
            @click=${() => {
              this.pick(offence);
            }}
          >
            ${offence.short}
          </button>`,
      )}
    </div>`;
  }

  private pick(offence: Offence): void {
    this.results = [];
    this.activeIndex = -1;
    this.emitPick({ code: offence.code, typed: offence.short });
  }

  private handleKey(event: KeyboardEvent): void {
    if (this.results.length === 0) return;
    const moves: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const move = moves[event.key];
    const offence = this.results[this.activeIndex];
    if (move !== undefined)
      this.activeIndex = (this.activeIndex + move + this.results.length) % this.results.length;
    else if (event.key === 'Enter' && offence !== undefined) this.pick(offence);
    else if (event.key === 'Escape') this.results = [];
    else return;
    event.preventDefault();
  }

  override updated(): void {
    this.renderRoot
      .querySelector(`#option-${String(this.activeIndex)}`)
      ?.scrollIntoView({ block: 'nearest' });
  }

  override render(): TemplateResult {
    const chosen =
      this.code === '' ? undefined : this.offences.find((offence) => offence.code === this.code);
    const isOpen = this.results.length > 0;
    const about = [
      'offence-hint',
      this.error === null ? '' : 'offence-error',
      chosen === undefined ? '' : 'chosen',
    ]
      .filter(Boolean)
      .join(' ');
    return html`<div class="field ${this.error === null ? '' : 'wrong'}">
      <label for="offence">Offence</label>
      <p class="hint" id="offence-hint">
        Select one, or type a few letters, like “damage vehicle”, “abh” or “58C”.
      </p>
      ${this.error === null ? nothing : html`<p class="error-message" id="offence-error">${this.error}</p>`}
      <input
        id="offence"
        data-testid="offence"
        role="combobox"
        type="text"
        enterkeyhint="next"
        autocomplete="off"
        autocapitalize="none"
        maxlength="120"
        .value=${this.typed}
        aria-autocomplete="list"
        aria-expanded=${isOpen ? 'true' : 'false'}
        aria-controls=${ifDefined(isOpen ? 'offence-list' : undefined)}
        aria-describedby=${about}
        aria-invalid=${this.error === null ? 'false' : 'true'}
        aria-activedescendant=${ifDefined(isOpen && this.activeIndex >= 0 ? `option-${String(this.activeIndex)}` : undefined)}
        @input=${(e: InputEvent) => {
          this.search((e.target as HTMLInputElement).value);
        }}
        @keydown=${(e: KeyboardEvent) => {
          this.handleKey(e);
        }}
        @focus=${() => {
          if (this.code === '' && this.typed !== '') this.search(this.typed);
        }}
        @blur=${() => {
          this.results = [];
        }}
      />
      ${
        isOpen
          ? html`<ul role="listbox" id="offence-list" aria-label="Matching offences">
              ${this.results.map(
                (offence, i) =>
                  html` <li
                    role="option"
                    id="option-${i}"
                    data-testid="offence-option"
                    data-code=${offence.code}
                    aria-selected=${i === this.activeIndex ? 'true' : 'false'}
                    @mousedown=${(e: MouseEvent) => {
                      e.preventDefault();
                    }}
                    @click=${() => {
                      this.pick(offence);
                    }}
                  >
                    <b>${offence.short}</b
                    ><span
                      >${offence.title === offence.short ? offence.group : offence.title} ·
                      ${offence.code}</span
                    >
                  </li>`,
              )}
            </ul>`
          : nothing
      }
      ${this.commonOffences()}
      ${chosen === undefined ? nothing : html`<p class="chosen" id="chosen" data-testid="offence-chosen">✓ ${chosen.code} · ${chosen.group}, class ${chosen.hocr_class}</p>`}
      ${this.code === '' && this.typed.trim().length > 1 && !isOpen ? html`<p class="hint" role="status">${findOffences(this.offences, this.typed, 1).length === 0 ? 'No matching offence. Try a different word.' : nothing}</p>` : nothing}
    </div>`;
  }
}
