/** Record a crime: one scrolling form, saved at each keystroke. The number comes at the end, with or without signal. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { copyPlace, separateChangedPerson, validateCrime, type CrimeForm } from '../capture/crime';
import { findCrimesAt } from '../capture/find-crimes';
import { newId } from '../capture/ids';
import { toSceneTexts, withSceneTexts } from '../capture/scene';
import '../forms/questions';
import type { QuestionSet, Texts } from '../forms/question-set';
import { DraftScreen } from './draft-screen';
import { moveOnEnter, errorSummary } from './fields';
import type { CrimeDetail } from './controller';
import { victimExtras } from './record-victim';
import { base } from './styles';
import { thumbBar } from './thumb-bar';

/** The pages of the form that few need. */
const FOLDED = ['harm', 'needs', 'risk', 'related'];
const MOST_PLACES = 3;
const BUTTONS = { hasButtons: true };
const PLACE_FIELDS = new Set(['address', 'postcode']);

@customElement('bl-record')
export class RecordElement extends DraftScreen<CrimeForm> {
  static override styles = [
    base,
    thumbBar,
    css`
      .when-words {
        margin-top: 0.375rem;
      }
    `,
  ];

  /** The id of a crime of the same place and night, whose facts are copied. */
  @property({ attribute: false }) copyFromId = '';
  @state() private copyFrom: CrimeDetail | null = null;

  protected async openDraft(): Promise<void> {
    const opened = await this.controller.openCrime(this.crimeId, this.copyFromId);
    if (opened === null) {
      this.navigate(`/crime/${this.crimeId}`);
      return;
    }
    this.copyFrom = this.copyFromId === '' ? null : await this.controller.getCrime(this.copyFromId);
    await this.showDraft(opened);
  }

  protected sealedRoute(): string {
    return `/crime/${this.draftId}`;
  }

  private setFields(change: Partial<CrimeForm>): void {
    if (this.form === null || this.isBusy) return;
    this.form = { ...this.form, ...change };
    this.controller.saveDraft({
      id: this.draftId,
      kind: 'crime',
      crimeId: this.draftId,
      form: this.form,
    });
    if (this.errors.length > 0)
      this.errors = validateCrime(this.form, this.controller.now(), this.set);
  }

  protected override async startAgain(): Promise<void> {
    if (this.crimeId === '') await this.openDraft();
    else this.navigate('/record');
  }

  private async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.form === null || this.isBusy) return;
    const errors = validateCrime(this.form, this.controller.now(), this.set);
    if (errors.length > 0) {
      await this.showErrors(errors);
      return;
    }
    const { form } = this;
    await this.runOnce(async () => {
      const card = await this.controller.recordCrime(this.draftId, form);
      if (card !== null) this.navigate(`/crime/${card.id}`);
    });
  }

  private get set(): QuestionSet {
    return this.controller.findQuestionSet('scene', this.form?.version);
  }

  private answer(texts: Texts): void {
    const { form } = this;
    if (form === null) return;
    const next = separateChangedPerson(withSceneTexts(form, texts), newId);
    // Nobody has said yet that this other victim lives here.
    this.setFields(form.victimKind === next.victimKind ? next : { ...next, livesThere: false });
  }

  /** Places of the officer's own crimes, each once: to fill one in with a press, with the business that is there. */
  private recentPlaces(form: CrimeForm): TemplateResult | typeof nothing {
    if (form.address.trim() !== '') return nothing;
    const crimes = this.controller.view.crimes.filter(
      ({ place }, i, all) => place !== '' && all.findIndex((one) => one.place === place) === i,
    );
    if (crimes.length === 0) return nothing;
    return html`<div class="chips" role="group" aria-label="Places of your last crimes">
      ${crimes
        .slice(0, MOST_PLACES)
        .map(
          ({ id, place, victimName }) =>
            html`<button
              type="button"
              class="plain"
              data-testid="recent-place"
              @click=${() => void this.runWithErrors(() => this.fillInPlace(id))}
            >
              ${place}${victimName === '' ? nothing : html`<br /><span class="muted">${victimName}</span>`}
            </button>`,
        )}
    </div>`;
  }

  /** Of the officer's own crimes, which are on this phone: so also without signal. */
  private earlierCrimes(form: CrimeForm): TemplateResult | typeof nothing {
    const crimes = findCrimesAt(this.controller.view.crimes, form.address);
    if (crimes.length === 0) return nothing;
    return html`<div class="notice" role="status" data-testid="earlier-crimes">
      <p>
        <strong
          >${crimes.length === 1 ? 'One of your crimes was' : `${String(crimes.length)} of your crimes were`}
          at this address.</strong
        >
      </p>
      <ul>
        ${crimes
          .slice(0, MOST_PLACES)
          .map(
            ({ id, number, offence, recordedAt }) =>
              html`<li>
                <a href="#/crime/${id}">${number === '' ? 'Number to follow' : number}</a>:
                ${offence}, ${recordedAt}
              </li>`,
          )}
      </ul>
    </div>`;
  }

  private async fillInPlace(crimeId: string): Promise<void> {
    const source = await this.controller.getCrime(crimeId);
    if (source !== null && this.form !== null) this.setFields(copyPlace(this.form, source));
  }

  /** Nobody has said yet that the victim lives at a place that is being typed. */
  private handleInput({ target }: globalThis.Event): void {
    if (target instanceof HTMLElement && PLACE_FIELDS.has(target.id))
      this.setFields({ livesThere: false });
  }

  private relatedCrimes(form: CrimeForm): TemplateResult {
    const recent = this.controller.view.crimes.filter((crime) => crime.number !== '').slice(0, 4);
    return html`<div class="chips">
      ${recent.map(
        (crime) =>
          html`<button
            type="button"
            class="plain"
            data-testid="related"
            aria-pressed=${form.relatedNumber === crime.number ? 'true' : 'false'}
            @click=${() => {
              this.setFields({ relatedNumber: crime.number });
            }}
          >
            ${crime.number}<br />${crime.place}
          </button>`,
      )}
    </div>`;
  }

  override render(): TemplateResult {
    const { form, errors } = this;
    if (form === null)
      return html`<h1 tabindex="-1">Record a crime</h1>
        ${this.errorMessage === '' ? html`<p class="muted">Opening…</p>` : this.errorNotice()}`;
    const { clockWarning } = this.controller.view;
    const { place: placeHint, ...extras } = victimExtras(form, this.copyFrom, (change) => {
      this.setFields(change);
    });
    return html`
      <a class="back" href="#/">‹ Home</a>
      <h1 tabindex="-1">Record a crime</h1>
      <p class="lead">We save everything on this phone as you type.</p>
      <form novalidate @submit=${(e: SubmitEvent) => void this.submit(e)} @keydown=${moveOnEnter}>
        <div class="stack">
          ${clockWarning === null ? nothing : html`<div class="notice warn"><p>${clockWarning}</p></div>`}
          ${errorSummary(errors, () => this.renderRoot)}
          ${this.restoredNotice(
            html`<a class="button plain" data-testid="another" href="#/record/${newId()}"
              >Record another crime</a
            >`,
          )}
          <bl-questions
            .set=${this.set}
            .texts=${toSceneTexts(form)}
            .errors=${errors}
            .controller=${this.controller}
            .folded=${FOLDED}
            .extras=${{
              ...extras,
              place: {
                before: this.recentPlaces(form),
                after: this.earlierCrimes(form),
                ...placeHint,
              },
              vehicle_action: BUTTONS,
              property_action: BUTTONS,
              property_kind: BUTTONS,
              domestic: BUTTONS,
              related_number: { after: this.relatedCrimes(form) },
            }}
            @input=${(e: globalThis.Event) => {
              this.handleInput(e);
            }}
            @answer=${(e: CustomEvent<Texts>) => {
              this.answer(e.detail);
            }}
          ></bl-questions>
          ${
            this.controller.view.numbersLeft === 0
              ? html`<div class="notice warn" data-testid="no-number">
                  <p>
                    <strong>There are no crime numbers left on this phone.</strong> You can still
                    record the crime, with a statement and photos. It gets its number when you have
                    signal. Call or text the victim then.
                  </p>
                </div>`
              : nothing
          }
        </div>
        ${this.errorMessage === '' ? nothing : html`<div class="give">${this.errorNotice()}</div>`}
        ${
          this.controller.view.isNumberOfLastYear
            ? html`<div class="notice give" data-testid="last-year">
                <p>
                  <strong>The number is of last year.</strong> This phone has had no signal since
                  new year. The number is good all the same: tell the victim so.
                </p>
              </div>`
            : nothing
        }
        <div class="give near">
          <button class="wide big" type="submit" data-testid="give-number" ?disabled=${this.isBusy}>
            ${this.controller.view.numbersLeft === 0 ? 'Record (number to follow)' : 'Record and get number'}
          </button>
        </div>
      </form>
    `;
  }
}
