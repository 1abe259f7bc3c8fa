/** The crime number, in type that is read at arm's length, and what happens next. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { newId } from '../capture/ids';
import { camera, page, pen } from './icons';
import type { CrimeInHand } from './pocket-book';
import { queueLine } from './queue-line';
import { Screen } from './screen';
import { base } from './styles';

@customElement('bl-crime')
export class CrimeElement extends Screen {
  static override styles = [
    base,
    css`
      .plate { container-type: inline-size; background: #14213d; color: #fff; border: 1px solid #3b5184; border-radius: 1rem; padding: 1.5rem 0.5rem; text-align: center; }
      .plate p:first-child { font-weight: 600; color: #cfe0f7; }
      .number { font-size: min(11.75cqi, 5.5rem); line-height: 1.15; font-weight: 750; letter-spacing: -0.01em; font-variant-numeric: tabular-nums; white-space: nowrap; margin: 0.25rem 0; }
      .plate .about { color: #cfe0f7; }
      ol { margin: 0; padding-left: 1.5rem; }
      li + li { margin-top: 0.5rem; }
      .like { margin-top: 0.75rem; }
      .taken { display: block; width: 100%; max-height: 12rem; object-fit: contain; background: #000; border-radius: 0.5rem; margin-top: 0.5rem; }
      .later { font-size: 1.5rem; line-height: 1.25; margin: 0.25rem 0; }
      .tell { margin-top: 0.75rem; }
      .lines { list-style: none; padding: 0; }
    `,
  ];

  @state() private crime: CrimeInHand | null = null;
  @state() private isLooked = false;

  /** Photos still on this phone, by id, to look at. */
  private readonly pictures = new Map<string, string>();

  override disconnectedCallback(): void {
    for (const url of this.pictures.values()) if (url !== '') URL.revokeObjectURL(url);
    this.pictures.clear();
    super.disconnectedCallback();
  }

  override updated(): void {
    // The number came while this was open.
    if (this.crime?.number === '' && this.book.view.crimes.some(({ id, number }) => id === this.crimeId && number !== '')) void this.look();
    for (const { id, kind, crimeId } of this.book.view.queue) {
      if (kind !== 'item' || crimeId !== this.crimeId || this.pictures.has(id)) continue;
      this.pictures.set(id, '');
      void this.book.picture(id).then((picture) => {
        if (picture === null || !this.isConnected) return;
        this.pictures.set(id, URL.createObjectURL(picture));
        this.requestUpdate();
      });
    }
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.open();
  }

  private async look(): Promise<void> {
    this.crime = await this.book.crime(this.crimeId);
  }

  /** The victim was left without a number: how to bring it to them. */
  private toTell(crime: CrimeInHand): TemplateResult | typeof nothing {
    const isWaiting = crime.number === '';
    if (crime.victimName === 'The State' || !(isWaiting || crime.isToTell === true)) return nothing;
    const { phone } = crime.person;
    const bare = phone.replace(/[^\d+]/g, '');
    return html`<div class="notice warn" data-testid="to-tell" role="status">
      ${crime.isUnsafe === true ? html`<p><strong>${isWaiting ? 'The number comes when there is signal.' : 'The number has come.'} It is not safe to ring or write to them: bring it.</strong></p>` : html`<p><strong>${isWaiting ? 'The number comes when there is signal; ring or text it to them.' : 'The number has come; ring or text it to them.'}</strong></p>`}
      <p>${crime.person.name === '' || crime.person.name === crime.victimName ? '' : `${crime.person.name}, `}${crime.victimName}${crime.isUnsafe === true ? '' : phone === '' ? ': no phone was given. Bring them the number.' : html`: <a data-testid="ring" href="tel:${bare}">${phone}</a>`}</p>
      ${isWaiting ? nothing : html`<div class="chips tell">${phone === '' || crime.isUnsafe === true ? nothing : html`<a class="button plain" href="sms:${bare}?body=${encodeURIComponent(`Your crime number is ${crime.number}.`)}">Text it</a>`}
        <button type="button" class="plain" data-testid="told" @click=${() => void this.told(async () => { await this.book.told(crime.id); await this.look(); })}>They have it</button></div>`}
    </div>`;
  }

  private async open(): Promise<void> {
    await this.look();
    this.isLooked = true;
    await this.focusHeading();
  }

  override render(): TemplateResult {
    const { crime } = this;
    if (crime === null)
      return html`<h1 tabindex="-1">Crime</h1><p>${this.isLooked ? 'This crime is not on this phone. It comes when there is signal.' : 'Opening…'}</p><p><a class="button plain" href="#/">Home</a></p>`;
    const lines = this.book.view.queue.filter((line) => line.crimeId === crime.id);
    return html`
      <a class="back" href="#/">‹ Home</a>
      <div class="stack">
        <div class="plate">
          <p id="number-label">Your crime number</p>
          ${crime.number === '' ? html`<h1 class="later" tabindex="-1" data-testid="number-later">comes when there is signal</h1>`
            : html`<h1 class="number" tabindex="-1" data-testid="crime-number" aria-describedby="number-label">${crime.number}</h1>`}
          <p class="about">${crime.offence}, ${crime.place}</p>
        </div>
        ${this.toTell(crime)}
        <div class="row">
          <a class="button big" data-testid="take-statement" href="#/statement/${crime.id}">${page}Take a statement</a>
          <a class="button big" data-testid="take-photo" href="#/photo/${crime.id}">${camera}Take a photo</a>
        </div>
        <section class="card" aria-labelledby="next"><h2 id="next">What happens next</h2>
          <ol>
            <li>${crime.number === '' ? 'The number follows.' : 'Keep this number.'} It is the way to ask about this crime.</li>
            ${crime.isUnsafe === true ? nothing : html`<li>We confirm it to you in writing, with what you told us and who to ask.</li>`}
            <li>An officer looks at what can be done, and tells you what was decided and why.</li>
          </ol>
        </section>
        <section class="card" aria-labelledby="more"><h2 id="more">Another crime here?</h2>
          <p class="muted">${crime.number === '' ? 'The place and the time come with it.' : 'The place, the time and the link to this crime come with it.'}</p>
          <p class="like"><a class="button plain wide" data-testid="another-here" href="#/record/${newId()}/like/${crime.id}">${pen}Record another crime here</a></p></section>
        ${lines.length === 0 ? nothing : html`<section class="card" aria-labelledby="made"><h2 id="made">Made for this crime (${lines.length})</h2>
          <ul class="lines" data-testid="crime-captures">${lines.map((line) => queueLine(line, nothing, this.pictures.get(line.id) ?? ''))}</ul></section>`}
        <p><a class="button plain wide" data-testid="done" href="#/">Done</a></p>
      </div>
    `;
  }
}
