/** A written statement (MG11): told, read over, declared, signed. The words stand still once there is ink. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Point } from '../capture/capture';
import { declaration, isOver18, isSigned, mendsForStatement, mendsForUnsigned, pageCount, withStrokes, withText, type StatementForm } from '../capture/statement';
import { isoWithOffset } from '../capture/times';
import { choiceField, enterGoesOn, mendFor, mendSummary, textArea, textField, tick } from './fields';
import type { CrimeInHand } from './pocket-book';
import { Screen } from './screen';
import './signature';
import { base } from './styles';

@customElement('bl-statement')
export class StatementElement extends Screen {
  static override styles = [
    base,
    css`
      blockquote { margin: 0 0 1.25rem; padding: 0.875rem 1rem; background: var(--soft); border-radius: 0.5rem; font-size: 1.1rem; line-height: 1.55; }
      .sign { margin-top: 1.25rem; }
      .signed-words { color: var(--good); font-weight: 650; margin-bottom: 0.5rem; }
      .other { margin-top: 0.75rem; }
      .keep { margin-top: 1.25rem; }
    `,
  ];

  @state() private draftId = '';
  @state() private form: StatementForm | null = null;
  @state() private crime: CrimeInHand | null = null;
  @state() private isRestored = false;
  @state() private isMissing = false;
  /** What was written of the other maker, while one is shown. */
  private readonly asides = new Map<boolean, Partial<StatementForm>>();
  @state() private isUnsigned = false;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.open();
  }

  private async open(): Promise<void> {
    await this.told(() => this.openDraft());
  }

  private async openDraft(): Promise<void> {
    this.crime = await this.book.crime(this.crimeId);
    const opened = await this.book.openStatement(this.crimeId);
    if (opened === null) {
      this.isMissing = true;
      return;
    }
    this.draftId = opened.id;
    this.form = opened.form;
    this.isRestored = opened.isRestored;
    this.isUnsigned = (opened.form.whyUnsigned ?? '') !== '';
    await this.focusHeading();
  }

  override async catchUp(): Promise<void> {
    const newer = await this.book.changedElsewhere(this.draftId);
    if (newer === 'sealed') this.go(`/crime/${this.crimeId}`);
    else if (newer !== null) this.form = newer.form as StatementForm;
  }

  private put(form: StatementForm): void {
    if (this.isBusy) return;
    this.form = form;
    this.book.save({ id: this.draftId, kind: 'statement', crimeId: this.crimeId, form });
    if (this.mends.length > 0) this.mends = this.isUnsigned ? mendsForUnsigned(form) : mendsForStatement(form);
  }

  private set(change: Partial<StatementForm>): void {
    if (this.form !== null) this.put({ ...this.form, ...change });
  }

  private pickMaker(isVictim: boolean): void {
    if (this.form === null) return;
    const { form } = this;
    this.asides.set(!isVictim, {
      personId: form.personId, makerName: form.makerName, address: form.address, postcode: form.postcode, phone: form.phone, email: form.email,
      over18: form.over18, age: form.age, occupation: form.occupation,
    });
    const before = this.asides.get(isVictim);
    if (before !== undefined) {
      this.set({ ...before, readOver: false });
      return;
    }
    const person = isVictim ? this.crime?.person : this.book.someoneElse();
    if (person === undefined) return;
    const { personId, name, address, postcode, phone, email } = person;
    this.set({ personId, makerName: name, address, postcode, phone, email, over18: isOver18(person.bornOn, this.book.now()), age: '', occupation: '', readOver: false });
  }

  private async keep(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.form === null || this.isBusy) return;
    const mends = mendsForStatement(this.form);
    if (mends.length > 0) {
      await this.showMends(mends);
      return;
    }
    const { form } = this;
    await this.once(async () => {
      await this.book.sealStatement(this.draftId, form);
      this.say('The statement is sealed and kept on this phone. It goes by itself when there is signal.');
      this.go(`/crime/${this.crimeId}`);
    });
  }

  private async keepUnsigned(): Promise<void> {
    const { form } = this;
    if (form === null) return;
    const mends = mendsForUnsigned(form);
    if (mends.length > 0) {
      await this.showMends(mends);
      return;
    }
    await this.once(async () => {
      await this.book.keepUnsigned(this.draftId, form);
      this.say('What they said is sealed, unsigned, among the evidence of this crime. It goes by itself when there is signal.');
      this.go(`/crime/${this.crimeId}`);
    });
  }

  private unsigned(form: StatementForm, isStill: boolean): TemplateResult | typeof nothing {
    if (isStill) return nothing;
    return html`<details class="card" ?open=${this.isUnsigned} @toggle=${(e: Event) => { this.isUnsigned = (e.target as HTMLDetailsElement).open; this.mends = []; }}>
      <summary>They won’t or can’t sign</summary>
      <p class="hint">Without a signature it is no statement, but nothing of it is lost: the words are sealed as they are, with the reason, as an item of evidence.</p>
      ${textField({ id: 'why_unsigned', label: 'Why it is not signed', mends: this.mends, value: form.whyUnsigned ?? '', maxlength: 300, onInput: (whyUnsigned) => { this.set({ whyUnsigned }); } })}
      <p class="other"><button type="button" class="plain wide" data-testid="keep-unsigned" ?disabled=${this.isBusy} @click=${() => void this.keepUnsigned()}>Keep it unsigned</button></p>
    </details>`;
  }

  private who(form: StatementForm, isStill: boolean): TemplateResult {
    const { mends, crime } = this;
    const victim = crime?.person;
    return html`<section class="card" aria-labelledby="who"><h2 id="who">Who is making it</h2>
      ${victim === undefined || victim.name === '' ? nothing : choiceField({ id: 'maker', label: 'This is the statement of', mends, disabled: isStill, value: form.personId === victim.personId,
        choices: [{ value: true, label: victim.name }, { value: false, label: 'Someone else' }], onPick: (isVictim) => { this.pickMaker(isVictim); } })}
      ${textField({ id: 'maker_name', label: 'Full name', mends, value: form.makerName, readonly: isStill, maxlength: 100, capitals: 'words', onInput: (makerName) => { this.set({ makerName }); } })}
      ${choiceField({ id: 'over_18', label: 'Are they over 18?', mends, value: form.over18, disabled: isStill,
        choices: [{ value: true, label: 'Yes, over 18' }, { value: false, label: 'No' }], onPick: (over18) => { this.set({ over18 }); } })}
      ${form.over18 === false ? textField({ id: 'age', label: 'Their age', hint: 'With a child, think first of a video-recorded interview, and have a parent or guardian there.', mends, value: form.age, inputmode: 'numeric', maxlength: 2, readonly: isStill, onInput: (age) => { this.set({ age }); } }) : nothing}
      ${textField({ id: 'occupation', label: 'Occupation', mends, value: form.occupation, readonly: isStill, maxlength: 100, onInput: (occupation) => { this.set({ occupation }); } })}
    </section>`;
  }

  private backPage(form: StatementForm): TemplateResult {
    const { mends } = this;
    return html`<section class="card" aria-labelledby="back"><h2 id="back">For the police only</h2>
      <p class="hint">This goes on the back of the form and is not shown to the defence.</p>
      ${choiceField({ id: 'willing_to_attend', label: 'Would they go to court?', mends, value: form.willingToAttend, choices: [{ value: true, label: 'Yes' }, { value: false, label: 'No' }], onPick: (willingToAttend) => { this.set({ willingToAttend }); } })}
      ${textField({ id: 'dates_not_available', label: 'Dates they can’t come', mends, value: form.datesNotAvailable, maxlength: 300, onInput: (datesNotAvailable) => { this.set({ datesNotAvailable }); } })}
      ${form.datesNotAvailable === '' ? html`<button type="button" class="plain small" data-testid="dates-none" @click=${() => { this.set({ datesNotAvailable: 'None' }); }}>None</button>` : nothing}
      ${choiceField({ id: 'special_measures_needed', label: 'Might they need help to give evidence?', mends, value: form.specialMeasuresNeeded, choices: [{ value: true, label: 'Yes' }, { value: false, label: 'No' }], onPick: (specialMeasuresNeeded) => { this.set({ specialMeasuresNeeded }); } })}
      ${choiceField<'offered' | 'made' | 'declined'>({ id: 'vps', label: 'Victim Personal Statement', mends, value: form.vps === '' ? null : form.vps, choices: [{ value: 'offered', label: 'Offered' }, { value: 'made', label: 'Made' }, { value: 'declined', label: 'Declined' }], onPick: (vps) => { this.set({ vps }); } })}
      <details class="field"><summary>Address, phone and e-mail</summary>
        ${textField({ id: 'back_address', label: 'Home address', mends, value: form.address, maxlength: 300, onInput: (address) => { this.set({ address }); } })}
        ${textField({ id: 'back_postcode', label: 'Postcode', mends, value: form.postcode, maxlength: 10, onInput: (postcode) => { this.set({ postcode }); } })}
        <div class="pair">
          ${textField({ id: 'back_phone', label: 'Phone', mends, value: form.phone, type: 'tel', inputmode: 'tel', maxlength: 40, onInput: (phone) => { this.set({ phone }); } })}
          ${textField({ id: 'back_email', label: 'E-mail', mends, value: form.email, type: 'email', inputmode: 'email', maxlength: 254, onInput: (email) => { this.set({ email }); } })}
        </div>
        ${textField({ id: 'taken_at_place', label: 'Where the statement is taken', mends, value: form.takenAtPlace, maxlength: 300, onInput: (takenAtPlace) => { this.set({ takenAtPlace }); } })}
      </details>
    </section>`;
  }

  private signing(form: StatementForm, isStill: boolean): TemplateResult {
    const { mends } = this;
    const message = mendFor(mends, 'signature');
    return html`<section class="card" aria-labelledby="declare"><h2 id="declare">Read over, declare and sign</h2>
      <blockquote data-testid="declaration">${declaration(pageCount(form.text))}</blockquote>
      ${tick({ id: 'read_over', label: 'It was read over and they agree that it is right', mends, value: form.readOver, disabled: isStill, onTick: (readOver) => { this.set({ readOver }); } })}
      <div class="field sign ${message === null ? '' : 'wrong'}">
        <p><strong>Signature of ${form.makerName.trim() === '' ? 'the person making it' : form.makerName}</strong></p>
        ${message === null ? nothing : html`<p class="mend">${message}</p>`}
        ${isStill ? html`<p class="signed-words" role="status" data-testid="frozen">Signed. The words above can’t change now; to change them, clear the signature.</p>` : html`<p class="hint">With a finger or a pen, in the box. Turn the phone on its side for a bigger box.</p>`}
        <bl-signature id="signature" tabindex="-1" .strokes=${form.strokes}
          @strokes=${(e: CustomEvent<Point[][]>) => { this.put(withStrokes(form, e.detail, isoWithOffset(new Date()))); }}></bl-signature>
      </div>
    </section>`;
  }

  override render(): TemplateResult {
    const { form, mends, crime } = this;
    if (this.isMissing) return html`<h1 tabindex="-1">Take a statement</h1><p>This crime is not on this phone. It comes when there is signal.</p><p><a class="button plain" href="#/">Home</a></p>`;
    if (form === null || crime === null) return html`<h1 tabindex="-1">Take a statement</h1>${this.trouble === '' ? html`<p class="muted">Opening…</p>` : this.troubleNotice()}`;
    const isStill = isSigned(form);
    const pages = pageCount(form.text);
    return html`
      <a class="back" href="#/crime/${crime.id}">‹ ${crime.number === '' ? 'Back to the crime' : crime.number}</a>
      <h1 tabindex="-1">Take a statement</h1>
      <p class="lead">${crime.offence}, ${crime.place}</p>
      <form novalidate @submit=${(e: SubmitEvent) => void this.keep(e)} @keydown=${enterGoesOn}>
        <div class="stack">
          ${mendSummary(mends, () => this.renderRoot)}
          ${this.isRestored ? html`<div class="notice" data-testid="restored"><p>You are where you left off.</p></div>` : nothing}
          ${this.who(form, isStill)}
          <section class="card" aria-labelledby="told"><h2 id="told">The statement</h2>
            ${textArea({ id: 'text', label: 'In their own words', mends, value: form.text, readonly: isStill, isTall: true, maxlength: 60000, onInput: (text) => { this.put(withText(form, text)); } })}
            <p class="muted" data-testid="page-count">${pages === 1 ? '1 page' : `${String(pages)} pages`} of the printed form.</p>
          </section>
          ${this.backPage(form)}
          ${this.signing(form, isStill)}
          ${this.unsigned(form, isStill)}
          ${this.troubleNotice()}
        </div>
        <button class="wide big keep" type="submit" data-testid="keep-statement" ?disabled=${this.isBusy}>Seal and keep the statement</button>
      </form>
    `;
  }
}
