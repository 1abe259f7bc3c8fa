/** An encounter at the scene, from its question set: saved at each keystroke, sealed with its reference. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import {
  encounterReference,
  kindOf,
  REASON,
  validateEncounter,
  type EncounterForm,
} from '../capture/encounter';
import { ENCOUNTERS, type EncounterKind } from '../capture/encounter-kinds';
import '../forms/questions';
import type { QuestionSet, Texts } from '../forms/question-set';
import { DraftScreen } from './draft-screen';
import { errorSummary, moveOnEnter, textArea } from './fields';
import { receiptField } from './receipt-field';
import { base } from './styles';

@customElement('bl-encounter')
export class EncounterElement extends DraftScreen<EncounterForm> {
  static override styles = [
    base,
    css`
      .give {
        margin-top: 1.25rem;
      }
      .asked {
        white-space: pre-line;
      }
    `,
  ];

  /** The kind of a new one; a draft has its own. */
  @property({ attribute: false }) kind: EncounterKind = 'stop-search';
  /** What is to be corrected; empty for a new record. */
  @property({ attribute: false }) taskId = '';

  protected async openDraft(): Promise<void> {
    const opened = await this.controller.openEncounter(this.crimeId, this.kind, this.taskId);
    if (opened === null) {
      if (this.taskId !== '') this.announce('This record has been corrected, or is not here.');
      this.navigate(this.taskId === '' ? `/receipt/${this.crimeId}` : '/');
      return;
    }
    await this.showDraft(opened);
  }

  protected sealedRoute(): string {
    return `/receipt/${this.draftId}`;
  }

  private get set(): QuestionSet {
    return this.controller.findQuestionSet(this.encounter, this.form?.version);
  }

  private get encounter(): EncounterKind {
    return this.form === null ? this.kind : kindOf(this.form);
  }

  private change(changes: Partial<EncounterForm>): void {
    if (this.form === null || this.isBusy) return;
    const form = { ...this.form, ...changes };
    this.form = form;
    this.controller.saveDraft({
      id: this.draftId,
      kind: 'encounter',
      crimeId: this.draftId,
      form,
    });
    if (this.errors.length > 0)
      this.errors = validateEncounter(this.set, form, this.controller.now());
  }

  protected override async startAgain(): Promise<void> {
    if (this.crimeId === '') await this.openDraft();
    else if (this.form?.corrects !== undefined) this.navigate('/');
    else this.navigate(`/encounter/${this.kind}`);
  }

  private async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { form } = this;
    if (form === null || this.isBusy) return;
    const errors = validateEncounter(this.set, form, this.controller.now());
    if (errors.length > 0) {
      await this.showErrors(errors);
      return;
    }
    await this.runOnce(async () => {
      await this.controller.sealEncounter(this.draftId, form);
      if (form.corrects !== undefined)
        this.announce(`Corrected. We’ll send it back to ${form.corrects.askedBy}.`);
      this.navigate(form.corrects === undefined ? `/receipt/${this.draftId}` : '/');
    });
  }

  private whatIsAsked({ asked, askedBy }: NonNullable<EncounterForm['corrects']>): TemplateResult {
    return html`
      <div class="notice warn" data-testid="what-is-asked">
        <p><strong>${askedBy} asks:</strong></p>
        <p class="asked" dir="auto">${asked}</p>
      </div>
      <section class="card" aria-label="What you changed">
        ${textArea({
          id: REASON,
          label: 'What did you change, and why?',
          errors: this.errors,
          value: this.form?.reason ?? '',
          maxlength: 1000,
          onInput: (reason) => {
            this.change({ reason });
          },
        })}
      </section>
    `;
  }

  override render(): TemplateResult {
    const { form } = this;
    if (form === null)
      return html`<h1 tabindex="-1">${ENCOUNTERS[this.kind].title}</h1>
        ${this.errorMessage === '' ? html`<p class="muted">Opening…</p>` : this.errorNotice()}`;
    return html`
      <a class="back" href="#/">‹ Home</a>
      <h1 tabindex="-1">${this.set.title}</h1>
      <p class="lead">
        ${form.corrects !== undefined ? `This corrects ${form.corrects.reference}. Its new reference` : this.encounter === 'stop-search' ? 'The person’s reference' : 'The reference'}
        is
        <strong data-testid="reference">${encounterReference(this.draftId, this.encounter)}</strong
        >. We save everything on this phone as you type.
      </p>
      <form novalidate @submit=${(e: SubmitEvent) => void this.submit(e)} @keydown=${moveOnEnter}>
        <div class="stack">
          ${errorSummary(this.errors, () => this.renderRoot)} ${this.restoredNotice()}
          ${form.corrects === undefined ? nothing : this.whatIsAsked(form.corrects)}
          <bl-questions
            .set=${this.set}
            .texts=${form.texts}
            .errors=${this.errors}
            .controller=${this.controller}
            @answer=${(e: CustomEvent<Texts>) => {
              this.change({ texts: e.detail });
            }}
          ></bl-questions>
          ${receiptField(form, this.errors, (change) => {
            this.change(change);
          })}
        </div>
        ${this.errorMessage === '' ? nothing : html`<div class="give">${this.errorNotice()}</div>`}
        <div class="give">
          <button class="wide big" type="submit" data-testid="keep-search" ?disabled=${this.isBusy}>
            ${form.corrects === undefined ? `Save ${ENCOUNTERS[this.encounter].noun}` : 'Send it back'}
          </button>
        </div>
      </form>
    `;
  }
}
