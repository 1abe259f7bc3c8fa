/** Record a crime: one scrolling form; each keystroke is kept; the number is given at the end, signal or not. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { mendsForCrime, splitAddress, tidyPostcode, usualTimes, withVictimOf, type CrimeForm, type VictimKind } from '../capture/crime';
import { whereAmI } from '../capture/devices';
import { newId } from '../capture/ids';
import { enterGoesOn, mendFor, mendSummary, textArea, textField, tick } from './fields';
import { pin } from './icons';
import type { OffencePicked } from './offence-picker';
import type { CrimeInHand } from './pocket-book';
import './offence-picker';
import { Screen } from './screen';
import { base } from './styles';

const KINDS: readonly (readonly [VictimKind, string])[] = [['person', 'Person'], ['business', 'Business'], ['state', 'The State']];

@customElement('bl-record')
export class RecordElement extends Screen {
  static override styles = [
    base,
    css`
      section { margin-bottom: 1.25rem; }
      .found { margin-top: 0.75rem; }
      .give { margin-top: 1.25rem; }
      .place { margin-top: 0.75rem; }
      .kinds { display: flex; flex-wrap: wrap; margin: 0 0 1.25rem; }
      .kinds button { flex: 1 1 auto; padding: 0.375rem 0.125rem; overflow-wrap: normal; }
    `,
  ];

  /** A crime of the same place and night, whose facts are taken over. */
  @property({ attribute: false }) likeId = '';
  @state() private like: CrimeInHand | null = null;
  @state() private draftId = '';
  @state() private form: CrimeForm | null = null;
  @state() private isRestored = false;
  @state() private placeWords = '';
  private isStartingAgain = false;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.open();
  }

  private async open(): Promise<void> {
    await this.told(() => this.openDraft());
  }

  private async openDraft(): Promise<void> {
    const opened = await this.book.openCrime(this.crimeId, this.likeId);
    if (opened === null) {
      this.go(`/crime/${this.crimeId}`);
      return;
    }
    const { id, form, isRestored } = opened;
    this.like = this.likeId === '' ? null : await this.book.crime(this.likeId);
    this.draftId = id;
    this.form = form;
    this.isRestored = isRestored;
    await this.focusHeading();
  }

  override async catchUp(): Promise<void> {
    const newer = await this.book.changedElsewhere(this.draftId);
    if (newer === 'sealed') this.go(`/crime/${this.draftId}`);
    else if (newer !== null) this.form = newer.form as CrimeForm;
  }

  private set(change: Partial<CrimeForm>): void {
    if (this.form === null || this.isBusy) return;
    this.form = { ...this.form, ...change };
    this.book.save({ id: this.draftId, kind: 'crime', crimeId: this.draftId, form: this.form });
    if (this.mends.length > 0) this.mends = mendsForCrime(this.form, new Date());
  }

  private async startAgain(): Promise<void> {
    if (!this.isStartingAgain) {
      this.isStartingAgain = true;
      this.requestUpdate();
      return;
    }
    await this.book.discard(this.draftId);
    this.isStartingAgain = false;
    this.mends = [];
    this.placeWords = '';
    if (this.crimeId === '') await this.open();
    else this.go('/record');
  }

  private leaveAddress(): void {
    const parts = this.form?.postcode === '' ? splitAddress(this.form.address) : null;
    if (parts === null) return;
    this.set(parts);
    void this.leavePostcode();
  }

  private async useMyLocation(): Promise<void> {
    this.placeWords = 'Finding where this phone is…';
    try {
      const fix = await whereAmI();
      this.set({ fix: { ...this.form?.fix, ...fix } });
      this.placeWords = `Location added, to about ${String(fix.accuracy_m)} metres.`;
    } catch (error) {
      this.placeWords = error instanceof Error ? error.message : '';
    }
  }

  private async leavePostcode(): Promise<void> {
    if (this.form === null || this.form.postcode.trim() === '') return;
    const postcode = tidyPostcode(this.form.postcode);
    this.set({ postcode });
    const found = await this.book.lookUpPostcode(postcode);
    // The officer may have typed on while it was looked up.
    if (found === null || tidyPostcode(this.form.postcode) !== postcode) return;
    this.set({ fix: { ...this.form.fix, easting: found.easting, northing: found.northing } });
    this.placeWords = `${postcode} is in ${found.borough}.`;
  }

  private async give(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.form === null || this.isBusy) return;
    const mends = mendsForCrime(this.form, new Date());
    if (mends.length > 0) {
      await this.showMends(mends);
      return;
    }
    const { form } = this;
    await this.once(async () => {
      const card = await this.book.giveNumber(this.draftId, form);
      if (card !== null) this.go(`/crime/${card.id}`);
    });
  }

  private where(form: CrimeForm): TemplateResult {
    const { mends } = this;
    const { easting, northing, ...fix } = form.fix;
    return html`<section class="card" aria-labelledby="where"><h2 id="where">Where</h2>
      ${textField({ id: 'address', label: 'Address or place', hint: 'House and street, or the nearest place.', mends, value: form.address, maxlength: 300,
        capitals: 'words', onInput: (address) => { this.set({ address, livesThere: false }); }, onLeave: () => { this.leaveAddress(); } })}
      ${textField({ id: 'postcode', label: 'Postcode, if you know it', mends, value: form.postcode, maxlength: 10, capitals: 'characters',
        onInput: (postcode) => { this.set({ postcode, livesThere: false, ...(easting === undefined && northing === undefined ? {} : { fix }) }); },
        onLeave: () => void this.leavePostcode() })}
      <p class="found muted" role="status" data-testid="place-words">${this.placeWords}</p>
      <button type="button" class="plain wide place" data-testid="use-my-location" @click=${() => void this.useMyLocation()}>${pin}Add my location</button>
    </section>`;
  }

  private victim(form: CrimeForm): TemplateResult {
    const { mends } = this;
    const kind = form.victimKind ?? 'person';
    return html`<section class="card" aria-labelledby="victim"><h2 id="victim">The victim</h2>
      ${this.sameVictim(form)}
      <div class="chips kinds" role="group" aria-labelledby="victim">${KINDS.map(([value, words]) => html`
        <button type="button" class="plain" data-testid="victim-${value}" aria-pressed=${kind === value ? 'true' : 'false'} @click=${() => { this.set({ victimKind: value, livesThere: false }); }}>${words}</button>`)}</div>
      ${kind === 'state' ? html`<p class="field muted" data-testid="state-words">Drugs, weapons, public order: nobody else is the victim.</p>` : html`
      ${kind === 'business' ? html`
        ${textField({ id: 'business_name', label: 'Name of the business', mends, value: form.businessName ?? '', maxlength: 200, capitals: 'words', onInput: (businessName) => { this.set({ businessName }); } })}
        ${this.lives(form, 'It is at')}` : nothing}
      <div class="pair">
        ${textField({ id: 'given_name', label: kind === 'business' ? 'Who speaks for it: first name' : 'First name', mends, value: form.givenName, maxlength: 35, capitals: 'words', onInput: (givenName) => { this.set({ givenName }); } })}
        ${textField({ id: 'family_name', label: 'Last name', mends, value: form.familyName, maxlength: 35, capitals: 'words', onInput: (familyName) => { this.set({ familyName }); } })}
      </div>
      ${kind === 'person' ? this.lives(form, 'They live at') : nothing}
      <div class="pair">
        ${textField({ id: 'phone', label: 'Phone', mends, value: form.phone, type: 'tel', inputmode: 'tel', maxlength: 40, onInput: (phone) => { this.set({ phone }); } })}
        ${textField({ id: 'email', label: 'E-mail', mends, value: form.email, type: 'email', inputmode: 'email', maxlength: 254, onInput: (email) => { this.set({ email }); } })}
      </div>
      ${tick({ id: 'unsafe', label: 'Not safe to ring or write to', mends, value: form.isUnsafe ?? false, onTick: (isUnsafe) => { this.set({ isUnsafe }); } })}
      ${kind === 'person' ? textField({ id: 'born_on', label: 'Date of birth, if they give it', mends, value: form.bornOn, type: 'date', onInput: (bornOn) => { this.set({ bornOn }); } }) : nothing}`}
    </section>`;
  }

  /** One press at a door. It names the place, so that nobody's address is a street they were robbed in. */
  private lives(form: CrimeForm, words: string): TemplateResult {
    const place = [form.address.trim(), form.postcode.trim()].filter(Boolean).join(', ');
    return tick({ id: 'lives_there', label: `${words} ${place === '' ? 'the address above' : place}`, mends: this.mends, value: form.livesThere ?? false,
      onTick: (livesThere) => { this.set({ livesThere }); } });
  }

  private sameVictim(form: CrimeForm): TemplateResult | typeof nothing {
    const { like } = this;
    if (like === null || like.victimName === '' || like.victimName === 'The State' || [like.person.personId, like.business?.id].includes(form.personId)) return nothing;
    return html`<p class="field"><button type="button" class="plain wide" data-testid="same-victim" @click=${() => { this.set(withVictimOf(form, like)); }}>Same victim: ${like.victimName}</button></p>`;
  }

  private times(form: CrimeForm): TemplateResult {
    return html`<div class="chips field" role="group" aria-label="When, by one press">${usualTimes(this.book.now()).map(({ words, from, to }) => html`
      <button type="button" class="plain" data-testid="usual-time" aria-pressed=${form.occurredFrom === from && form.occurredTo === to ? 'true' : 'false'}
        @click=${() => { this.set({ occurredFrom: from, occurredTo: to }); }}>${words}</button>`)}</div>`;
  }

  private related(form: CrimeForm): TemplateResult {
    const { mends } = this;
    const recent = this.book.view.crimes.filter((crime) => crime.number !== '').slice(0, 4);
    return html`<details class="card" ?open=${form.relatedNumber !== ''}><summary>Link it to another crime</summary>
      ${textField({ id: 'related_number', label: 'The other crime number', hint: 'Press one of yours, or type it: 01/0000123/26.', mends, value: form.relatedNumber, maxlength: 14, onInput: (relatedNumber) => { this.set({ relatedNumber }); } })}
      <div class="chips">${recent.map((crime) => html`<button type="button" class="plain" data-testid="related" aria-pressed=${form.relatedNumber === crime.number ? 'true' : 'false'}
        @click=${() => { this.set({ relatedNumber: crime.number }); }}>${crime.number}<br>${crime.place}</button>`)}</div>
    </details>`;
  }

  override render(): TemplateResult {
    const { form, mends } = this;
    if (form === null) return html`<h1 tabindex="-1">Record a crime</h1>${this.trouble === '' ? html`<p class="muted">Opening…</p>` : this.troubleNotice()}`;
    const { clockWarning } = this.book.view;
    return html`
      <a class="back" href="#/">‹ Home</a>
      <h1 tabindex="-1">Record a crime</h1>
      <p class="lead">Every letter is kept on this phone as you type.</p>
      <form novalidate @submit=${(e: SubmitEvent) => void this.give(e)} @keydown=${enterGoesOn}>
        <div class="stack">
          ${clockWarning === null ? nothing : html`<div class="notice warn"><p>${clockWarning}</p></div>`}
          ${mendSummary(mends, () => this.renderRoot)}
          ${this.isRestored ? html`<div class="notice" data-testid="restored"><p>You are where you left off.</p>
            <div class="chips"><a class="button plain" data-testid="another" href="#/record/${newId()}">Record another crime</a>
            <button type="button" class="plain" data-testid="start-again" @click=${() => void this.startAgain()}>${this.isStartingAgain ? 'Yes, throw this draft away' : 'Start again'}</button></div></div>` : nothing}
          <section class="card" aria-labelledby="what"><h2 id="what">What</h2>
            <bl-offence-picker id="offence" class="field" .offences=${this.book.view.offences} .typed=${form.offenceTyped} .code=${form.offenceCode} .mend=${mendFor(mends, 'offence')}
              @pick=${(e: CustomEvent<OffencePicked>) => { this.set({ offenceCode: e.detail.code, offenceTyped: e.detail.typed }); }}></bl-offence-picker>
            ${textArea({ id: 'summary', label: 'What happened', hint: 'A sentence or two, as they told you.', mends, value: form.summary, onInput: (summary) => { this.set({ summary }); } })}
            ${this.times(form)}
            <div class="pair field">
              ${textField({ id: 'occurred_from', label: 'When it happened, or from when', mends, value: form.occurredFrom, type: 'datetime-local', onInput: (occurredFrom) => { this.set({ occurredFrom }); } })}
              ${textField({ id: 'occurred_to', label: 'Until (only where it is not known when)', mends, value: form.occurredTo, type: 'datetime-local', onInput: (occurredTo) => { this.set({ occurredTo }); } })}
            </div>
          </section>
          ${this.where(form)}
          ${this.victim(form)}
          ${this.related(form)}
          ${this.book.view.numbersLeft === 0 ? html`<div class="notice warn" data-testid="no-number"><p><strong>There is no crime number left on this phone.</strong>
            Record it all the same, with its statement and photos. The number comes when there is signal: ring or text it to them then.</p></div>` : nothing}
        </div>
        ${this.trouble === '' ? nothing : html`<div class="give">${this.troubleNotice()}</div>`}
        <div class="give"><button class="wide big" type="submit" data-testid="give-number" ?disabled=${this.isBusy}>${this.book.view.numbersLeft === 0 ? 'Record it: the number follows' : 'Record and give the number'}</button></div>
      </form>
    `;
  }
}
