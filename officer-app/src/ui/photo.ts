/** A photo: the live camera with a shutter, or the phone's own camera by a file; hashed and kept before it is described. */
import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { closeCamera, openCamera, takePhoto, whereAmI } from '../capture/devices';
import { mendsForItem, type ItemForm } from '../capture/item';
import { mendSummary, textField } from './fields';
import { camera, pin } from './icons';
import type { CrimeInHand } from './pocket-book';
import { Screen } from './screen';
import { base } from './styles';

@customElement('bl-photo')
export class PhotoElement extends Screen {
  static override styles = [
    base,
    css`
      .view { background: #000; border-radius: 0.75rem; overflow: hidden; position: relative; aspect-ratio: 4 / 3; display: grid; place-items: center; color: #fff; }
      video, img { width: 100%; height: 100%; object-fit: contain; display: block; }
      video[hidden] { display: none; }
      .shutter { width: 5.5rem; height: 5.5rem; border-radius: 50%; padding: 0; background: #fff; border: 0.375rem solid var(--action); box-shadow: inset 0 0 0 0.25rem #fff; margin: 1.25rem auto; display: flex; color: #14213d; }
      .shutter:hover { background: #dfeafa; }
      .shutter svg { width: 2.25rem; height: 2.25rem; }
      .or { text-align: center; }
      input[type='file'] { position: absolute; width: 1px; height: 1px; min-height: 0; padding: 0; border: 0; opacity: 0; }
      label.button { margin: 0; }
      input[type='file']:focus-visible + label.button { outline: 3px solid var(--focus); outline-offset: 2px; }
      code { overflow-wrap: anywhere; }
    `,
  ];

  @state() private crime: CrimeInHand | null = null;
  @state() private stream: MediaStream | null = null;
  @state() private draftId = '';
  @state() private form: ItemForm | null = null;
  @state() private shown = '';
  @state() private words = '';
  @state() private placeWords = '';
  @state() private isThrowing = false;
  /** What the last photo shows, for the next of the same thing. */
  private lastWords = '';

  override connectedCallback(): void {
    super.connectedCallback();
    void this.open();
  }

  override disconnectedCallback(): void {
    this.close();
    this.show(null);
    super.disconnectedCallback();
  }

  private async open(): Promise<void> {
    await this.told(() => this.openDraft());
  }

  private async openDraft(): Promise<void> {
    this.crime = await this.book.crime(this.crimeId);
    const opened = await this.book.openPhoto(this.crimeId);
    if (opened === null) {
      await this.startCamera();
      return;
    }
    this.draftId = opened.id;
    this.form = opened.form;
    this.show(opened.photo);
    this.words = 'This photo was taken and not yet kept. Say what it shows.';
  }

  override async catchUp(): Promise<void> {
    const newer = await this.book.changedElsewhere(this.draftId);
    if (newer === 'sealed') this.go(`/crime/${this.crimeId}`);
    else if (newer !== null) this.form = newer.form as ItemForm;
  }

  private async startCamera(): Promise<void> {
    try {
      const stream = await openCamera();
      // The officer may have left while the browser asked for leave.
      if (this.isConnected) this.stream = stream;
      else closeCamera(stream);
    } catch (error) {
      this.words = error instanceof Error ? error.message : 'The camera did not open.';
    }
  }

  private close(): void {
    if (this.stream !== null) closeCamera(this.stream);
    this.stream = null;
  }

  private show(photo: Blob | null): void {
    if (this.shown !== '') URL.revokeObjectURL(this.shown);
    this.shown = photo === null ? '' : URL.createObjectURL(photo);
  }

  override updated(changed: PropertyValues): void {
    super.updated(changed);
    const video = this.renderRoot.querySelector('video');
    if (video !== null && video.srcObject !== this.stream) video.srcObject = this.stream;
  }

  private async shoot(): Promise<void> {
    const video = this.renderRoot.querySelector('video');
    if (this.stream === null || video === null || this.isBusy) return;
    await this.take(() => takePhoto(this.stream as MediaStream, video), '');
  }

  private async choose(event: globalThis.Event): Promise<void> {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    if (file !== undefined) await this.take(() => Promise.resolve(file), file.name);
    input.value = '';
  }

  private async take(picture: () => Promise<Blob>, filename: string): Promise<void> {
    this.words = '';
    await this.once(async () => {
      const photo = await picture();
      const { id, form } = await this.book.takePhoto(this.crimeId, photo, filename);
      this.draftId = id;
      this.form = form;
      this.show(photo);
      this.close();
    });
    if (this.form === null) return;
    if (this.lastWords !== '') this.set({ description: this.lastWords });
    await this.updateComplete;
    const box = this.renderRoot.querySelector<HTMLInputElement>('#description');
    box?.focus();
    box?.select();
  }

  private set(change: Partial<ItemForm>): void {
    if (this.form === null || this.isBusy) return;
    this.form = { ...this.form, ...change };
    this.book.save({ id: this.draftId, kind: 'item', crimeId: this.crimeId, form: this.form });
    if (this.mends.length > 0) this.mends = mendsForItem(this.form);
  }

  private async addPlace(): Promise<void> {
    this.placeWords = 'Finding where this phone is…';
    try {
      const fix = await whereAmI();
      this.set({ fix });
      this.placeWords = `Location added, to about ${String(fix.accuracy_m)} metres.`;
    } catch (error) {
      this.placeWords = error instanceof Error ? error.message : '';
    }
  }

  private async throwAway(): Promise<void> {
    if (!this.isThrowing) {
      this.isThrowing = true;
      return;
    }
    await this.once(() => this.book.discard(this.draftId));
    await this.another();
  }

  private async another(): Promise<void> {
    this.form = null;
    this.draftId = '';
    this.isThrowing = false;
    this.show(null);
    this.mends = [];
    this.words = '';
    this.placeWords = '';
    await this.startCamera();
  }

  private async keep(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const isMore = (event.submitter as HTMLButtonElement | null)?.value === 'more';
    if (this.form === null || this.isBusy) return;
    const mends = mendsForItem(this.form);
    if (mends.length > 0) {
      await this.showMends(mends);
      return;
    }
    const { form } = this;
    const isKept = await this.once(async () => {
      await this.book.sealPhoto(this.draftId, form);
      this.say('The photo is sealed and kept on this phone. It goes by itself when there is signal.');
      this.lastWords = form.description;
      if (!isMore) this.go(`/crime/${this.crimeId}`);
    });
    if (isKept && isMore) await this.another();
  }

  private taking(): TemplateResult {
    return html`
      <div class="view">${this.stream === null ? html`<p>${this.words === '' ? 'Opening the camera…' : 'No live camera'}</p>` : nothing}
        <video ?hidden=${this.stream === null} autoplay playsinline muted aria-label="What the camera sees" data-testid="camera"></video></div>
      ${this.stream === null ? nothing : html`<button type="button" class="shutter" data-testid="shutter" ?disabled=${this.isBusy} @click=${() => void this.shoot()}>${camera}<span class="quiet">Take the photo</span></button>`}
      <p class="or"><input type="file" id="photo-file" data-testid="photo-file" accept="image/*" capture="environment" @change=${(e: globalThis.Event) => void this.choose(e)} />
        <label class="button plain wide" for="photo-file">Use the phone’s camera or a file</label></p>
    `;
  }

  private describing(form: ItemForm): TemplateResult {
    return html`
      <div class="view"><img src=${this.shown} alt="The photo just taken" data-testid="photo-preview" /></div>
      <form novalidate @submit=${(e: SubmitEvent) => void this.keep(e)}>
        <div class="stack">
          ${mendSummary(this.mends, () => this.renderRoot)}
          <section class="card">
            ${textField({ id: 'description', label: 'What it shows', hint: 'For example “Scratch along the driver’s door”.', mends: this.mends, value: form.description, maxlength: 500, onInput: (description) => { this.set({ description }); } })}
            <p class="hint field" role="status">${this.placeWords}</p>
            <button type="button" class="plain wide" data-testid="photo-location" @click=${() => void this.addPlace()}>${pin}Add my location</button>
          </section>
          <p class="muted">${Math.max(1, Math.round(form.size / 1024)).toLocaleString('en-GB')} kB · SHA-256 <code data-testid="photo-hash">${form.sha256}</code></p>
          <button class="wide big" type="submit" data-testid="keep-photo" ?disabled=${this.isBusy}>Seal and keep the photo</button>
          <button class="plain wide" type="submit" value="more" data-testid="keep-and-more" ?disabled=${this.isBusy}>Keep it and take another</button>
          <button type="button" class="plain wide" data-testid="retake" ?disabled=${this.isBusy} @click=${() => void this.throwAway()}>${this.isThrowing ? 'Yes, throw this photo away' : 'Throw it away and take another'}</button>
        </div>
      </form>
    `;
  }

  override render(): TemplateResult {
    const { crime, form } = this;
    return html`
      <a class="back" href="#/crime/${this.crimeId}">‹ ${crime?.number ?? 'The crime'}</a>
      <h1 tabindex="-1">Take a photo</h1>
      <div class="stack">
        ${this.troubleNotice()}
        ${this.words === '' ? nothing : html`<div class="notice" role="status" data-testid="photo-words"><p>${this.words}</p></div>`}
        ${form === null ? this.taking() : this.describing(form)}
      </div>
    `;
  }
}
