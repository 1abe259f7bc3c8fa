/** An encounter at the scene, from its question set: saved at each keystroke, sealed with its reference. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import {
  encounterReference,
  kindOf,
  validateEncounter,
  type EncounterForm,
} from '../capture/encounter';
import { ENCOUNTERS, type EncounterKind } from '../capture/encounter-kinds';
import '../forms/questions';
import type { QuestionSet, Texts } from '../forms/question-set';
import { errorSummary, moveOnEnter } from './fields';
import { restoredNotice } from './restored-notice';
import { Screen } from './screen';
import { base } from './styles';

@customElement('bl-encounter')
export class EncounterElement extends Screen {
  static override styles = [
    base,
    css`
      .give {
        margin-top: 1.25rem;
      }
    `,
  ];

  /** The kind of a new one; a draft has its own. */
  @property({ attribute: false }) kind: EncounterKind = 'stop-search';
  @state() private draftId = '';
  @state() private form: EncounterForm | null = null;
  @state() private isRestored = false;
  @state() private isConfirmingRestart = false;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.runWithErrors(() => this.openDraft());
  }

  private async openDraft(): Promise<void> {
    const opened = await this.controller.openEncounter(this.crimeId, this.kind);
    if (opened === null) {
      this.navigate(`/receipt/${this.crimeId}`);
      return;
    }
    this.draftId = opened.id;
    this.form = opened.form;
    this.isRestored = opened.isRestored;
    await this.focusHeading();
  }

  override async loadFromOtherTab(): Promise<void> {
    const newer = await this.controller.getDraftFromOtherTab(this.draftId);
    if (newer === 'sealed') this.navigate(`/receipt/${this.draftId}`);
    else if (newer !== null) this.form = newer.form as EncounterForm;
  }

  private get set(): QuestionSet {
    return this.controller.findQuestionSet(this.encounter, this.form?.version);
  }

  private get encounter(): EncounterKind {
    return this.form === null ? this.kind : kindOf(this.form);
  }

  private answer(texts: Texts): void {
    if (this.form === null || this.isBusy) return;
    const form = { ...this.form, texts };
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

  private async restart(): Promise<void> {
    if (!this.isConfirmingRestart) {
      this.isConfirmingRestart = true;
      return;
    }
    await this.controller.discardDraft(this.draftId);
    this.isConfirmingRestart = false;
    this.errors = [];
    if (this.crimeId === '') await this.openDraft();
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
      this.navigate(`/receipt/${this.draftId}`);
    });
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
        ${this.encounter === 'stop-search' ? 'The person’s reference' : 'The reference'} is
        <strong data-testid="reference">${encounterReference(this.draftId, this.encounter)}</strong
        >. We save everything on this phone as you type.
      </p>
      <form novalidate @submit=${(e: SubmitEvent) => void this.submit(e)} @keydown=${moveOnEnter}>
        <div class="stack">
          ${errorSummary(this.errors, () => this.renderRoot)}
          ${
            this.isRestored
              ? restoredNotice({
                  isConfirming: this.isConfirmingRestart,
                  onRestart: () => void this.restart(),
                })
              : nothing
          }
          <bl-questions
            .set=${this.set}
            .texts=${form.texts}
            .errors=${this.errors}
            .controller=${this.controller}
            @answer=${(e: CustomEvent<Texts>) => {
              this.answer(e.detail);
            }}
          ></bl-questions>
        </div>
        ${this.errorMessage === '' ? nothing : html`<div class="give">${this.errorNotice()}</div>`}
        <div class="give">
          <button class="wide big" type="submit" data-testid="keep-search" ?disabled=${this.isBusy}>
            Save ${ENCOUNTERS[this.encounter].noun}
          </button>
        </div>
      </form>
    `;
  }
}
