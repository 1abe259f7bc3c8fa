/** Record a crime: one scrolling form, saved at each keystroke. The number comes at the end, with or without signal. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import {
  validateCrime,
  splitAddress,
  formatPostcode,
  commonTimes,
  type CrimeForm,
} from '../capture/crime';
import { getLocation } from '../capture/devices';
import { newId } from '../capture/ids';
import { moveOnEnter, errorFor, errorSummary, textArea, textField } from './fields';
import { pin } from './icons';
import type { OffencePicked } from './offence-picker';
import type { CrimeDetail } from './controller';
import './offence-picker';
import { victimSection } from './record-victim';
import { Screen } from './screen';
import { base } from './styles';

@customElement('bl-record')
export class RecordElement extends Screen {
  static override styles = [
    base,
    css`
      section {
        margin-bottom: 1.25rem;
      }
      .place {
        margin-top: 0.75rem;
      }
      .give {
        margin-top: 1.25rem;
      }
      .place {
        margin-top: 0.75rem;
      }
      .kinds {
        display: flex;
        flex-wrap: wrap;
        margin: 0 0 1.25rem;
      }
      .kinds button {
        flex: 1 1 auto;
        padding: 0.375rem 0.125rem;
        overflow-wrap: normal;
      }
    `,
  ];

  /** The id of a crime of the same place and night, whose facts are copied. */
  @property({ attribute: false }) copyFromId = '';
  @state() private copyFrom: CrimeDetail | null = null;
  @state() private draftId = '';
  @state() private form: CrimeForm | null = null;
  @state() private isRestored = false;
  @state() private locationMessage = '';
  private isConfirmingRestart = false;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.open();
  }

  private async open(): Promise<void> {
    await this.runWithErrors(() => this.openDraft());
  }

  private async openDraft(): Promise<void> {
    const opened = await this.controller.openCrime(this.crimeId, this.copyFromId);
    if (opened === null) {
      this.navigate(`/crime/${this.crimeId}`);
      return;
    }
    const { id, form, isRestored } = opened;
    this.copyFrom = this.copyFromId === '' ? null : await this.controller.getCrime(this.copyFromId);
    this.draftId = id;
    this.form = form;
    this.isRestored = isRestored;
    await this.focusHeading();
  }

  override async loadFromOtherTab(): Promise<void> {
    const newer = await this.controller.getDraftFromOtherTab(this.draftId);
    if (newer === 'sealed') this.navigate(`/crime/${this.draftId}`);
    else if (newer !== null) this.form = newer.form as CrimeForm;
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
    if (this.errors.length > 0) this.errors = validateCrime(this.form, this.controller.now());
  }

  private async restart(): Promise<void> {
    if (!this.isConfirmingRestart) {
      this.isConfirmingRestart = true;
      this.requestUpdate();
      return;
    }
    await this.controller.discardDraft(this.draftId);
    this.isConfirmingRestart = false;
    this.errors = [];
    this.locationMessage = '';
    if (this.crimeId === '') await this.open();
    else this.navigate('/record');
  }

  private handleAddressBlur(): void {
    const parts = this.form?.postcode === '' ? splitAddress(this.form.address) : null;
    if (parts === null) return;
    this.setFields(parts);
    void this.handlePostcodeBlur();
  }

  private async useMyLocation(): Promise<void> {
    this.locationMessage = 'Getting your location…';
    try {
      const fix = await getLocation();
      this.setFields({ fix: { ...this.form?.fix, ...fix } });
      this.locationMessage = `Location added, accurate to about ${String(fix.accuracy_m)} metres.`;
    } catch (error) {
      this.locationMessage = error instanceof Error ? error.message : '';
    }
  }

  private async handlePostcodeBlur(): Promise<void> {
    if (this.form === null || this.form.postcode.trim() === '') return;
    const postcode = formatPostcode(this.form.postcode);
    this.setFields({ postcode });
    const place = await this.controller.lookUpPostcode(postcode);
    // The officer may have typed something else while it was looked up.
    if (place === null || formatPostcode(this.form.postcode) !== postcode) return;
    this.setFields({ fix: { ...this.form.fix, easting: place.easting, northing: place.northing } });
    this.locationMessage = `${postcode} is in ${place.borough}.`;
  }

  private async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.form === null || this.isBusy) return;
    const errors = validateCrime(this.form, this.controller.now());
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

  private locationSection(form: CrimeForm): TemplateResult {
    const { errors } = this;
    const { easting, northing, ...fix } = form.fix;
    return html`<section class="card" aria-labelledby="where">
      <h2 id="where">Where it happened</h2>
      ${textField({
        id: 'address',
        label: 'Address or place',
        hint: 'House number and street, or the nearest place',
        errors,
        value: form.address,
        maxlength: 300,
        capitals: 'words',
        onInput: (address) => {
          this.setFields({ address, livesThere: false });
        },
        onLeave: () => {
          this.handleAddressBlur();
        },
      })}
      ${textField({
        id: 'postcode',
        label: 'Postcode (if you know it)',
        errors,
        value: form.postcode,
        maxlength: 10,
        capitals: 'characters',
        onInput: (postcode) => {
          this.setFields({
            postcode,
            livesThere: false,
            ...(easting === undefined && northing === undefined ? {} : { fix }),
          });
        },
        onLeave: () => void this.handlePostcodeBlur(),
      })}
      <p class="place muted" role="status" data-testid="location-message">
        ${this.locationMessage}
      </p>
      <button
        type="button"
        class="plain wide place"
        data-testid="use-my-location"
        @click=${() => void this.useMyLocation()}
      >
        ${pin}Add my location
      </button>
    </section>`;
  }

  private commonTimeButtons(form: CrimeForm): TemplateResult {
    return html`<div class="chips field" role="group" aria-label="Common times">
      ${commonTimes(this.controller.now()).map(
        ({ words, from, to }) =>
          html` <button
            type="button"
            class="plain"
            data-testid="usual-time"
            aria-pressed=${form.occurredFrom === from && form.occurredTo === to ? 'true' : 'false'}
            @click=${() => {
              this.setFields({ occurredFrom: from, occurredTo: to });
            }}
          >
            ${words}
          </button>`,
      )}
    </div>`;
  }

  private relatedCrimeSection(form: CrimeForm): TemplateResult {
    const { errors } = this;
    const recent = this.controller.view.crimes.filter((crime) => crime.number !== '').slice(0, 4);
    return html`<details class="card" ?open=${form.relatedNumber !== ''}>
      <summary>Link this to another crime</summary>
      ${textField({
        id: 'related_number',
        label: 'Crime number',
        hint: 'Select one of yours, or type it, like 01/0000123/26',
        errors,
        value: form.relatedNumber,
        maxlength: 14,
        onInput: (relatedNumber) => {
          this.setFields({ relatedNumber });
        },
      })}
      <div class="chips">
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
      </div>
    </details>`;
  }

  override render(): TemplateResult {
    const { form, errors } = this;
    if (form === null)
      return html`<h1 tabindex="-1">Record a crime</h1>
        ${this.errorMessage === '' ? html`<p class="muted">Opening…</p>` : this.errorNotice()}`;
    const { clockWarning } = this.controller.view;
    return html`
      <a class="back" href="#/">‹ Home</a>
      <h1 tabindex="-1">Record a crime</h1>
      <p class="lead">We save everything on this phone as you type.</p>
      <form novalidate @submit=${(e: SubmitEvent) => void this.submit(e)} @keydown=${moveOnEnter}>
        <div class="stack">
          ${clockWarning === null ? nothing : html`<div class="notice warn"><p>${clockWarning}</p></div>`}
          ${errorSummary(errors, () => this.renderRoot)}
          ${
            this.isRestored
              ? html`<div class="notice" data-testid="restored">
                  <p>We saved your answers. Carry on where you left off.</p>
                  <div class="chips">
                    <a class="button plain" data-testid="another" href="#/record/${newId()}"
                      >Record another crime</a
                    >
                    <button
                      type="button"
                      class="plain"
                      data-testid="start-again"
                      @click=${() => void this.restart()}
                    >
                      ${this.isConfirmingRestart ? 'Yes, delete this draft' : 'Start again'}
                    </button>
                  </div>
                </div>`
              : nothing
          }
          <section class="card" aria-labelledby="what">
            <h2 id="what">What happened</h2>
            <bl-offence-picker
              id="offence"
              class="field"
              .offences=${this.controller.view.offences}
              .typed=${form.offenceTyped}
              .code=${form.offenceCode}
              .error=${errorFor(errors, 'offence')}
              @pick=${(e: CustomEvent<OffencePicked>) => {
                this.setFields({ offenceCode: e.detail.code, offenceTyped: e.detail.typed });
              }}
            ></bl-offence-picker>
            ${textArea({
              id: 'summary',
              label: 'Describe what happened',
              hint: 'A sentence or two, in the words they used',
              errors,
              value: form.summary,
              onInput: (summary) => {
                this.setFields({ summary });
              },
            })}
            ${this.commonTimeButtons(form)}
            <div class="pair field">
              ${textField({
                id: 'occurred_from',
                label: 'When it happened, or when it started',
                errors,
                value: form.occurredFrom,
                type: 'datetime-local',
                onInput: (occurredFrom) => {
                  this.setFields({ occurredFrom });
                },
              })}
              ${textField({
                id: 'occurred_to',
                label: 'When it ended (only if they’re not sure when it happened)',
                errors,
                value: form.occurredTo,
                type: 'datetime-local',
                onInput: (occurredTo) => {
                  this.setFields({ occurredTo });
                },
              })}
            </div>
          </section>
          ${this.locationSection(form)}
          ${victimSection({
            form,
            errors,
            copyFrom: this.copyFrom,
            onChange: (change) => {
              this.setFields(change);
            },
          })}
          ${this.relatedCrimeSection(form)}
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
        <div class="give">
          <button class="wide big" type="submit" data-testid="give-number" ?disabled=${this.isBusy}>
            ${this.controller.view.numbersLeft === 0 ? 'Record crime (number to follow)' : 'Record crime and get number'}
          </button>
        </div>
      </form>
    `;
  }
}
