/** Assess the risk to a victim of domestic abuse: the force's questionnaire, and the officer's own grade. */
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { GRADES, RISK_SET, validateAssessment, type AssessmentForm } from '../capture/assessment';
import '../forms/questions';
import type { QuestionSet, Texts } from '../forms/question-set';
import { DraftScreen } from './draft-screen';
import { choiceField, errorSummary, moveOnEnter, textArea } from './fields';
import { base } from './styles';
import { thumbBar } from './thumb-bar';

@customElement('bl-assessment')
export class AssessmentElement extends DraftScreen<AssessmentForm> {
  static override styles = [base, thumbBar];

  @state() private isMissing = false;

  protected async openDraft(): Promise<void> {
    const opened = await this.controller.openAssessment(this.crimeId);
    if (opened === null) {
      this.isMissing = true;
      return;
    }
    await this.showDraft(opened);
  }

  protected sealedRoute(): string {
    return `/crime/${this.crimeId}`;
  }

  private get set(): QuestionSet {
    return this.controller.findQuestionSet(RISK_SET, this.form?.version);
  }

  private setFields(change: Partial<AssessmentForm>): void {
    if (this.form === null || this.isBusy) return;
    const form = { ...this.form, ...change };
    this.form = form;
    this.controller.saveDraft({
      id: this.draftId,
      kind: 'assessment',
      crimeId: this.crimeId,
      form,
    });
    if (this.errors.length > 0)
      this.errors = validateAssessment(this.set, form, this.controller.now());
  }

  private async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { form } = this;
    if (form === null || this.isBusy) return;
    const errors = validateAssessment(this.set, form, this.controller.now());
    if (errors.length > 0) {
      await this.showErrors(errors);
      return;
    }
    await this.runOnce(async () => {
      await this.controller.sealAssessment(this.draftId, form);
      this.announce('Risk assessment saved. We’ll send it when there’s signal.');
      this.navigate(`/crime/${this.crimeId}`);
    });
  }

  private grade(form: AssessmentForm): TemplateResult {
    return html`<section class="card" aria-labelledby="grade-heading">
      <h2 id="grade-heading">Your judgement</h2>
      ${choiceField<string>({
        id: 'grade',
        label: 'How great is the risk?',
        hint: 'Your professional judgement. No number of answers decides it.',
        errors: this.errors,
        value: form.grade,
        choices: GRADES,
        onPick: (grade) => {
          this.setFields({ grade });
        },
      })}
      ${textArea({
        id: 'grade_reason',
        label: 'Why?',
        errors: this.errors,
        value: form.reason,
        maxlength: 4000,
        onInput: (reason) => {
          this.setFields({ reason });
        },
      })}
    </section>`;
  }

  override render(): TemplateResult {
    const { form } = this;
    if (form === null)
      return html`<h1 tabindex="-1">Assess the risk</h1>
        <p class="muted">
          ${this.isMissing ? 'There is nobody in this crime whose risk can be assessed on this phone.' : 'Opening…'}
        </p>
        ${this.errorNotice()}`;
    return html`
      <a class="back" href="#/crime/${this.crimeId}">‹ Crime</a>
      <h1 tabindex="-1">Assess the risk</h1>
      <p class="lead">${this.set.title}. We save everything on this phone as you type.</p>
      <form novalidate @submit=${(e: SubmitEvent) => void this.submit(e)} @keydown=${moveOnEnter}>
        <div class="stack">
          ${errorSummary(this.errors, () => this.renderRoot)} ${this.restoredNotice()}
          <bl-questions
            .set=${this.set}
            .texts=${form.texts}
            .errors=${this.errors}
            .controller=${this.controller}
            @answer=${(e: CustomEvent<Texts>) => {
              this.setFields({ texts: e.detail });
            }}
          ></bl-questions>
          ${this.grade(form)}
        </div>
        ${this.errorMessage === '' ? nothing : html`<div class="give">${this.errorNotice()}</div>`}
        <div class="give near">
          <button
            class="wide big"
            type="submit"
            data-testid="keep-assessment"
            ?disabled=${this.isBusy}
          >
            Save
          </button>
        </div>
      </form>
    `;
  }
}
