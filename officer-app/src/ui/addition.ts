/** Add to a crime that was recorded: a note, another suspect, a vehicle; or correct what was recorded. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import {
  additionSet,
  validateAddition,
  type AdditionForm,
  type Correctable,
} from '../capture/addition';
import '../forms/questions';
import type { QuestionSet, Texts } from '../forms/question-set';
import type { CrimeDetail } from './controller';
import { DraftScreen } from './draft-screen';
import { checkboxField, errorSummary, moveOnEnter, textArea, textField } from './fields';
import { base } from './styles';
import { thumbBar } from './thumb-bar';

const BUTTONS = { hasButtons: true };

@customElement('bl-addition')
export class AdditionElement extends DraftScreen<AdditionForm> {
  static override styles = [
    base,
    thumbBar,
    css`
      .now {
        margin-top: 0.25rem;
      }
    `,
  ];

  @state() private crime: CrimeDetail | null = null;
  @state() private isMissing = false;

  protected async openDraft(): Promise<void> {
    this.crime = await this.controller.getCrime(this.crimeId);
    const opened = await this.controller.openAddition(this.crimeId);
    if (opened === null) {
      this.isMissing = true;
      return;
    }
    await this.showDraft(opened);
  }

  protected sealedRoute(): string {
    return `/crime/${this.crimeId}`;
  }

  private get scene(): QuestionSet {
    return this.controller.findQuestionSet('scene', this.form?.version);
  }

  private setFields(change: Partial<AdditionForm>): void {
    if (this.form === null || this.isBusy) return;
    const form = { ...this.form, ...change };
    this.form = form;
    this.controller.saveDraft({ id: this.draftId, kind: 'addition', crimeId: this.crimeId, form });
    if (this.errors.length > 0)
      this.errors = validateAddition(form, this.controller.now(), this.scene);
  }

  private async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { form } = this;
    if (form === null || this.isBusy) return;
    const errors = validateAddition(form, this.controller.now(), this.scene);
    if (errors.length > 0) {
      await this.showErrors(errors);
      return;
    }
    await this.runOnce(async () => {
      await this.controller.sealAddition(this.draftId, form);
      this.announce('Saved. We’ll send it when there’s signal.');
      this.navigate(`/crime/${this.crimeId}`);
    });
  }

  /** Without signal too: the server says what came of it, and what it refuses can be corrected in the queue. */
  private handOver(form: AdditionForm): TemplateResult {
    return html`<details class="card" ?open=${(form.handOverTo ?? '') !== ''}>
      <summary data-testid="hand-over">Hand it over to a colleague</summary>
      ${textField({
        id: 'hand_over_to',
        label: 'Their collar number or full name',
        hint: 'They become the officer in the case. Say why in the note above.',
        errors: this.errors,
        value: form.handOverTo ?? '',
        maxlength: 200,
        onInput: (handOverTo) => {
          this.setFields({ handOverTo });
        },
      })}
    </details>`;
  }

  private correction(form: AdditionForm): TemplateResult | typeof nothing {
    const { before, corrected, isCorrecting, personId } = form;
    if (before === null || corrected === null) return nothing;
    const field = (
      name: keyof Correctable,
      label: string,
      id: string,
      type = 'text',
    ): TemplateResult =>
      textField({
        id,
        label,
        type,
        errors: this.errors,
        value: corrected[name],
        onInput: (value) => {
          this.setFields({ corrected: { ...corrected, [name]: value } });
        },
      });
    return html`<section class="card" aria-labelledby="correct-heading">
      <h2 id="correct-heading">Correct what you recorded</h2>
      ${checkboxField({
        id: 'is_correcting',
        label: 'Something is wrong',
        hint: 'What it said before is kept.',
        errors: [],
        value: isCorrecting,
        onTick: (isTicked) => {
          this.setFields({ isCorrecting: isTicked });
        },
      })}
      ${
        isCorrecting
          ? html`${textArea({
              id: 'correct_summary',
              label: 'What happened',
              errors: this.errors,
              value: corrected.summary,
              onInput: (summary) => {
                this.setFields({ corrected: { ...corrected, summary } });
              },
            })}
            ${
              personId === ''
                ? nothing
                : html`${field('givenName', 'First name', 'correct_given_name')}
                  ${field('familyName', 'Last name', 'correct_family_name')}
                  ${field('bornOn', 'Date of birth', 'correct_born_on', 'date')}
                  ${field('phone', 'Phone number', 'correct_phone', 'tel')}
                  ${field('email', 'Email address', 'correct_email', 'email')}`
            }`
          : nothing
      }
    </section>`;
  }

  override render(): TemplateResult {
    const { form, crime } = this;
    if (form === null || crime === null)
      return html`<h1 tabindex="-1">Add to a crime</h1>
        <p class="muted">
          ${this.isMissing ? 'This crime isn’t on this phone yet. It will be here when you have signal.' : 'Opening…'}
        </p>
        ${this.errorNotice()}`;
    return html`
      <a class="back" href="#/crime/${this.crimeId}">‹ Crime</a>
      <h1 tabindex="-1">Add to ${crime.number === '' ? 'this crime' : crime.number}</h1>
      <p class="lead now">${crime.offence}, ${crime.place}</p>
      <form novalidate @submit=${(e: SubmitEvent) => void this.submit(e)} @keydown=${moveOnEnter}>
        <div class="stack">
          ${errorSummary(this.errors, () => this.renderRoot)} ${this.restoredNotice()}
          <section class="card" aria-labelledby="note-heading">
            <h2 id="note-heading">Note</h2>
            ${textArea({
              id: 'note',
              label: 'What you saw, did or were told',
              errors: this.errors,
              value: form.note,
              maxlength: 20_000,
              onInput: (note) => {
                this.setFields({ note });
              },
            })}
          </section>
          ${this.handOver(form)}
          <bl-questions
            .set=${additionSet(this.scene)}
            .texts=${form.texts}
            .errors=${this.errors}
            .controller=${this.controller}
            .extras=${{ vehicle_action: BUTTONS, property_action: BUTTONS, property_kind: BUTTONS }}
            @answer=${(e: CustomEvent<Texts>) => {
              this.setFields({ texts: e.detail });
            }}
          ></bl-questions>
          ${this.correction(form)}
        </div>
        ${this.errorMessage === '' ? nothing : html`<div class="give">${this.errorNotice()}</div>`}
        <div class="give near">
          <button
            class="wide big"
            type="submit"
            data-testid="keep-addition"
            ?disabled=${this.isBusy}
          >
            Save
          </button>
        </div>
      </form>
    `;
  }
}
