/** Take a written statement (MG11): written, read over, declared and signed. Once signed, its words do not change. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Point } from '../capture/capture';
import {
  declaration,
  isOver18,
  isSigned,
  validateStatement,
  validateUnsignedAccount,
  pageCount,
  withStrokes,
  withText,
  type StatementForm,
} from '../capture/statement';
import { findCopyOffer, withAnswers } from '../capture/statement-copy';
import { newId } from '../capture/ids';
import { isoWithOffset } from '../capture/times';
import { moveOnEnter, errorFor, errorSummary, textArea, textField, checkboxField } from './fields';
import type { CrimeDetail } from './controller';
import { restoredNotice } from './restored-notice';
import { Screen } from './screen';
import './signature';
import { copySection } from './statement-copy';
import { promptsFold, promptStyles } from './statement-prompts';
import { kindSection } from './statement-more';
import { makerSection, policeOnlySection } from './statement-sections';
import { base } from './styles';

@customElement('bl-statement')
export class StatementElement extends Screen {
  static override styles = [
    base,
    promptStyles,
    css`
      blockquote {
        margin: 0 0 1.25rem;
        padding: 0.875rem 1rem;
        background: var(--soft);
        border-radius: 0.5rem;
        font-size: 1.1rem;
        line-height: 1.55;
      }
      .sign {
        margin-top: 1.25rem;
      }
      .signed-words {
        color: var(--good);
        font-weight: 650;
        margin-bottom: 0.5rem;
      }
      .other {
        margin-top: 0.75rem;
      }
      .keep {
        margin-top: 1.25rem;
      }
    `,
  ];

  /** The draft to open, where a crime has several; the last one where it is empty. */
  @property({ attribute: false }) wantedId = '';
  @state() private draftId = '';
  @state() private form: StatementForm | null = null;
  @state() private crime: CrimeDetail | null = null;
  @state() private isRestored = false;
  @state() private isConfirmingDiscard = false;
  @state() private isMissing = false;
  /** The answers about the other maker, while one is shown: switching back loses nothing. */
  private readonly makerAnswers = new Map<boolean, Partial<StatementForm>>();
  @state() private isUnsigned = false;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.open();
  }

  private async open(): Promise<void> {
    await this.runWithErrors(() => this.openDraft());
  }

  private async openDraft(): Promise<void> {
    this.crime = await this.controller.getCrime(this.crimeId);
    const opened = await this.controller.openStatement(this.crimeId, this.wantedId);
    if (opened === null) {
      // It was sealed since, in another tab or before going back.
      if (this.crime !== null) this.navigate(`/crime/${this.crimeId}`);
      this.isMissing = true;
      return;
    }
    this.draftId = opened.id;
    this.form = opened.form;
    this.isRestored = opened.isRestored;
    this.isUnsigned = (opened.form.whyUnsigned ?? '') !== '';
    await this.focusHeading();
  }

  /** Throw this draft away: at the first press ask whether the officer is sure. */
  private async discard(): Promise<void> {
    if (!this.isConfirmingDiscard) {
      this.isConfirmingDiscard = true;
      return;
    }
    await this.runOnce(() => this.controller.discardDraft(this.draftId));
    this.announce('Statement deleted.');
    this.navigate(`/crime/${this.crimeId}`);
  }

  override async loadFromOtherTab(): Promise<void> {
    const newer = await this.controller.getDraftFromOtherTab(this.draftId);
    if (newer === 'sealed') this.navigate(`/crime/${this.crimeId}`);
    else if (newer !== null) this.form = newer.form as StatementForm;
  }

  private setForm(form: StatementForm): void {
    if (this.isBusy) return;
    this.form = form;
    this.controller.saveDraft({ id: this.draftId, kind: 'statement', crimeId: this.crimeId, form });
    if (this.errors.length > 0)
      this.errors = this.isUnsigned ? validateUnsignedAccount(form) : validateStatement(form);
  }

  private setFields(change: Partial<StatementForm>): void {
    if (this.form !== null) this.setForm(withAnswers(this.form, change));
  }

  private pickMaker(isVictim: boolean): void {
    if (this.form === null) return;
    const { form } = this;
    this.makerAnswers.set(!isVictim, {
      personId: form.personId,
      makerName: form.makerName,
      nameOnRecord: form.nameOnRecord ?? '',
      makerConfirmed: form.makerConfirmed === true,
      address: form.address,
      postcode: form.postcode,
      phone: form.phone,
      email: form.email,
      over18: form.over18,
      age: form.age,
      occupation: form.occupation,
    });
    const before = this.makerAnswers.get(isVictim);
    if (before !== undefined) {
      this.setFields({ ...before, readOver: false });
      return;
    }
    const person = isVictim ? this.crime?.person : this.controller.newPerson();
    if (person === undefined) return;
    const { personId, name, address, postcode, phone, email } = person;
    this.setFields({
      personId,
      makerName: name,
      nameOnRecord: name,
      makerConfirmed: false,
      address,
      postcode,
      phone,
      email,
      over18: isOver18(person.bornOn, this.controller.now()),
      age: '',
      occupation: '',
      readOver: false,
    });
  }

  private async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.form === null || this.isBusy) return;
    const errors = validateStatement(this.form);
    if (errors.length > 0) {
      await this.showErrors(errors);
      return;
    }
    const { form } = this;
    await this.runOnce(async () => {
      await this.controller.sealStatement(this.draftId, form);
      this.announce(
        'Statement sealed and saved on this phone. We’ll send it when you have signal.',
      );
      this.navigate(`/crime/${this.crimeId}`);
    });
  }

  private async submitUnsigned(): Promise<void> {
    const { form } = this;
    if (form === null) return;
    const errors = validateUnsignedAccount(form);
    if (errors.length > 0) {
      await this.showErrors(errors);
      return;
    }
    await this.runOnce(async () => {
      await this.controller.sealUnsignedAccount(this.draftId, form);
      this.announce(
        'The unsigned account is sealed as evidence of this crime. We’ll send it when you have signal.',
      );
      this.navigate(`/crime/${this.crimeId}`);
    });
  }

  private unsignedSection(form: StatementForm, isStill: boolean): TemplateResult | typeof nothing {
    if (isStill) return nothing;
    return html`<details
      class="card"
      ?open=${this.isUnsigned}
      @toggle=${(e: Event) => {
        this.isUnsigned = (e.target as HTMLDetailsElement).open;
        this.errors = [];
      }}
    >
      <summary>They won’t or can’t sign it</summary>
      <p class="hint">
        Without a signature this is not a statement. We’ll seal their words and the reason as an
        item of evidence instead.
      </p>
      ${textField({
        id: 'why_unsigned',
        label: 'Why it is not signed',
        errors: this.errors,
        value: form.whyUnsigned ?? '',
        maxlength: 300,
        onInput: (whyUnsigned) => {
          this.setFields({ whyUnsigned });
        },
      })}
      <p class="other">
        <button
          type="button"
          class="plain wide"
          data-testid="keep-unsigned"
          ?disabled=${this.isBusy}
          @click=${() => void this.submitUnsigned()}
        >
          Seal unsigned account
        </button>
      </p>
    </details>`;
  }

  private signatureSection(form: StatementForm, isStill: boolean): TemplateResult {
    const { errors } = this;
    const message = errorFor(errors, 'signature');
    return html`<section class="card" aria-labelledby="declare">
      <h2 id="declare">Read over and sign</h2>
      <blockquote data-testid="declaration">${declaration(pageCount(form.text))}</blockquote>
      ${checkboxField({
        id: 'read_over',
        label: 'I’ve read it to them and they agree that it’s right',
        errors,
        value: form.readOver,
        disabled: isStill,
        onTick: (readOver) => {
          this.setFields({ readOver });
        },
      })}
      <div class="field sign ${message === null ? '' : 'wrong'}">
        <p>
          <strong
            >Signature of
            ${form.makerName.trim() === '' ? 'the person making it' : form.makerName}</strong
          >
        </p>
        ${message === null ? nothing : html`<p class="error-message">${message}</p>`}
        ${isStill ? html`<p class="signed-words" role="status" data-testid="frozen">Signed. To change the words above, clear the signature first.</p>` : html`<p class="hint">Sign in the box with a finger or a pen. Turn the phone on its side for a bigger box.</p>`}
        <bl-signature
          id="signature"
          tabindex="-1"
          .strokes=${form.strokes}
          @strokes=${(e: CustomEvent<Point[][]>) => {
            this.setForm(withStrokes(form, e.detail, isoWithOffset(this.controller.now())));
          }}
        ></bl-signature>
      </div>
      ${isStill ? this.officerSignature(form) : nothing}
    </section>`;
  }

  /** MG11 has a signature of the officer beside each of the maker's: who saw it signed says so. */
  private officerSignature(form: StatementForm): TemplateResult {
    const message = errorFor(this.errors, 'officer_signature');
    return html`<div class="field sign ${message === null ? '' : 'wrong'}">
      <p><strong>Your signature, as the officer who saw them sign</strong></p>
      ${message === null ? nothing : html`<p class="error-message">${message}</p>`}
      <bl-signature
        id="officer_signature"
        tabindex="-1"
        .name=${'officer-signature'}
        .strokes=${form.officerStrokes ?? []}
        @strokes=${(e: CustomEvent<Point[][]>) => {
          this.setFields({ officerStrokes: e.detail });
        }}
      ></bl-signature>
    </div>`;
  }

  override render(): TemplateResult {
    const { form, errors, crime } = this;
    if (this.isMissing)
      return html`<h1 tabindex="-1">Take a statement</h1>
        <p>This crime isn’t on this phone yet. It will be here when you have signal.</p>
        <p><a class="button plain" href="#/">Home</a></p>`;
    if (form === null || crime === null)
      return html`<h1 tabindex="-1">Take a statement</h1>
        ${this.errorMessage === '' ? html`<p class="muted">Opening…</p>` : this.errorNotice()}`;
    const isStill = isSigned(form);
    const pages = pageCount(form.text);
    const onChange = (change: Partial<StatementForm>): void => {
      this.setFields(change);
    };
    const isInterpreted = (form.originalLanguage ?? '').trim() !== '';
    return html`
      <a class="back" href="#/crime/${crime.id}"
        >‹ ${crime.number === '' ? 'Back to the crime' : crime.number}</a
      >
      <h1 tabindex="-1">Take a statement</h1>
      <p class="lead">${crime.offence}, ${crime.place}</p>
      <form novalidate @submit=${(e: SubmitEvent) => void this.submit(e)} @keydown=${moveOnEnter}>
        <div class="stack">
          ${errorSummary(errors, () => this.renderRoot)}
          ${
            this.isRestored
              ? restoredNotice({
                  isConfirming: this.isConfirmingDiscard,
                  discardLabel: 'Delete this statement',
                  onRestart: () => void this.discard(),
                  link: html`<a
                    class="button plain"
                    data-testid="another"
                    href="#/statement/${crime.id}/${newId()}"
                    >Take another statement</a
                  >`,
                })
              : nothing
          }
          ${makerSection({
            form,
            errors,
            victim: crime.person,
            isSigned: isStill,
            onChange,
            onPickMaker: (isVictim) => {
              this.pickMaker(isVictim);
            },
          })}
          <section class="card" aria-labelledby="told">
            <h2 id="told">The statement</h2>
            ${kindSection({
              form,
              errors,
              isSigned: isStill,
              onChange,
            })}
            ${textArea({
              id: 'text',
              label: isInterpreted ? 'In English, as it was interpreted' : 'In their own words',
              errors,
              value: form.text,
              readonly: isStill,
              isTall: true,
              onInput: (text) => {
                this.setForm(withText(form, text));
              },
            })}
            <p class="muted" data-testid="page-count">
              ${pages === 1 ? '1 page' : `${String(pages)} pages`} of the printed form.
            </p>
            ${promptsFold(crime.offence, this.controller.view.offences)}
          </section>
          ${policeOnlySection(form, errors, onChange)} ${this.signatureSection(form, isStill)}
          ${
            isStill
              ? copySection(
                  form,
                  findCopyOffer(form, crime, this.controller.view.me?.statement_copies),
                  errors,
                  onChange,
                )
              : nothing
          }
          ${this.unsignedSection(form, isStill)} ${this.errorNotice()}
        </div>
        <button
          class="wide big keep"
          type="submit"
          data-testid="keep-statement"
          ?disabled=${this.isBusy}
        >
          Seal and save statement
        </button>
      </form>
    `;
  }
}
