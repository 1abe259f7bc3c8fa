/** Look a person, a vehicle, an address, a phone or a number up in one box: warnings first, the reason in one press. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { LookUpCrime, LookUpResult } from '../capture/look-up';
import { formatDate } from '../capture/times';
import { textField } from './fields';
import { Screen } from './screen';
import { base } from './styles';

const REASONS = [
  { value: 'incident', label: 'Dealing with an incident' },
  { value: 'stop', label: 'A stop or a search' },
  { value: 'investigation', label: 'An investigation' },
  { value: 'welfare', label: 'Somebody’s safety' },
] as const;

@customElement('bl-look-up')
export class LookUpElement extends Screen {
  static override styles = [
    base,
    css`
      .results,
      h1 + form {
        margin-top: 1.25rem;
      }
      .warning {
        margin: 0.5rem 0;
        font-weight: 650;
      }
      li + li {
        margin-top: 1rem;
        padding-top: 1rem;
        border-top: 1px solid var(--line);
      }
      li li + li {
        margin-top: 0.25rem;
        padding-top: 0;
        border-top: 0;
      }
    `,
  ];

  @state() private typed = '';
  @state() private result: LookUpResult | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    // The address may name what to look up: the place of a crime.
    this.typed = this.crimeId;
    void this.focusHeading();
  }

  private async find(reason: string): Promise<void> {
    if (this.typed.trim() === '') {
      this.errors = [{ field: 'look_up', message: 'Enter who or what to look up' }];
      return;
    }
    this.errors = [];
    this.result = null;
    await this.runOnce(async () => {
      this.result = await this.controller.lookUp(this.typed.trim(), reason);
    });
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('#found')?.focus();
  }

  private warnings(warnings: readonly string[]): TemplateResult[] {
    return warnings.map(
      (words) => html`<p class="notice bad warning" data-testid="warning">${words}</p>`,
    );
  }

  private crimes(crimes: readonly LookUpCrime[]): TemplateResult | typeof nothing {
    if (crimes.length === 0) return nothing;
    return html`<ul>
      ${crimes.map(
        ({ number, offence, place, role }) =>
          html`<li>
            ${role === '' ? nothing : html`${role}: `}<strong>${number}</strong>
            ${offence}${place === '' ? '' : `, ${place}`}
          </li>`,
      )}
    </ul>`;
  }

  private section(
    id: string,
    heading: string,
    total: number,
    rows: readonly TemplateResult[],
  ): TemplateResult | typeof nothing {
    if (rows.length === 0) return nothing;
    return html`<section class="card" aria-labelledby=${id}>
      <h2 id=${id}>${heading} (${total})</h2>
      <ul data-testid=${id}>
        ${rows.map((row) => html`<li>${row}</li>`)}
      </ul>
      ${total > rows.length ? html`<p class="hint">We show the first ${rows.length}. Enter more words to find fewer.</p>` : nothing}
    </section>`;
  }

  private results(found: LookUpResult): TemplateResult {
    const count = found.people_total + found.things.length + found.crimes_total;
    return html`<div class="stack results">
      <div role="status">
        <h2 id="found" tabindex="-1">
          ${count === 0 ? 'Nothing found' : `${String(count)} found`}
        </h2>
      </div>
      ${this.section(
        'people',
        'People',
        found.people_total,
        found.people.map(
          ({ name, born_on: bornOn, place, phone, warnings, crimes }) =>
            html`<strong>${name}</strong
              >${bornOn === null ? '' : `, born ${formatDate(new Date(`${bornOn}T12:00:00Z`))}`}
              ${this.warnings(warnings)} ${place === '' ? nothing : html`<p>${place}</p>`}
              ${phone === '' ? nothing : html`<p><a href="tel:${phone.replace(/[^\d+]/g, '')}">${phone}</a></p>`}
              ${this.crimes(crimes)}`,
        ),
      )}
      ${this.section(
        'things',
        'Vehicles and things',
        found.things.length,
        found.things.map(
          ({ name, description, warnings, crimes }) =>
            html`<strong>${name}</strong>${description === '' ? '' : `, ${description}`}
              ${this.warnings(warnings)} ${this.crimes(crimes)}`,
        ),
      )}
      ${this.section(
        'found-crimes',
        'Crimes',
        found.crimes_total,
        found.crimes.map(
          ({ number, offence, place }) =>
            html`<strong>${number}</strong> ${offence}${place === '' ? '' : `, ${place}`}`,
        ),
      )}
    </div>`;
  }

  override render(): TemplateResult {
    const { signal } = this.controller.view;
    return html`
      <a class="back" href="#/">‹ Home</a>
      <h1 tabindex="-1">Look up</h1>
      <form
        class="card"
        novalidate
        @submit=${(event: SubmitEvent) => {
          event.preventDefault();
        }}
      >
        ${textField({
          id: 'look_up',
          label: 'Person, vehicle, address, phone or number',
          hint: 'For example, Darren Pike, AB12 CDE, SE15 4QL or 01/0000123/26',
          errors: this.errors,
          value: this.typed,
          onInput: (typed) => {
            this.typed = typed;
          },
        })}
        <div class="field" role="group" aria-labelledby="reason-label">
          <p id="reason-label"><strong>Look it up for</strong></p>
          <p class="hint">Who you look up, and why, goes on the audit record.</p>
          <div class="chips">
            ${REASONS.map(
              ({ value, label }) =>
                html`<button
                  type="button"
                  class="plain"
                  data-testid="reason-${value}"
                  ?disabled=${this.isBusy}
                  @click=${() => void this.find(value)}
                >
                  ${label}
                </button>`,
            )}
          </div>
        </div>
        ${signal === 'good' ? nothing : html`<p class="hint" data-testid="needs-signal">You need signal to look anything up. Your own crimes are on the home screen, also without signal.</p>`}
      </form>
      ${this.errorMessage === '' ? nothing : html`<div class="results">${this.errorNotice()}</div>`}
      ${this.isBusy ? html`<p class="muted results" role="status">Looking…</p>` : nothing}
      ${this.result === null ? nothing : this.results(this.result)}
    `;
  }
}
