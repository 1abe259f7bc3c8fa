/** Take a photo with the live camera, or choose a file. It is hashed and saved before it is described. */
import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { closeCamera, openCamera, takePhoto, getLocation } from '../capture/devices';
import { validateItem, type ItemForm } from '../capture/item';
import { visitReference } from '../capture/visit';
import { errorSummary, textField } from './fields';
import { camera, pin } from './icons';
import type { CrimeDetail } from './controller';
import { routeTo } from './routes';
import { Screen } from './screen';
import { base } from './styles';
import { visitPrompts } from './visit';

@customElement('bl-photo')
export class PhotoElement extends Screen {
  static override styles = [
    base,
    css`
      .view {
        background: #000;
        border-radius: 0.75rem;
        overflow: hidden;
        position: relative;
        aspect-ratio: 4 / 3;
        display: grid;
        place-items: center;
        color: #fff;
      }
      video,
      img {
        width: 100%;
        height: 100%;
        object-fit: contain;
        display: block;
      }
      video[hidden] {
        display: none;
      }
      .shutter {
        width: 5.5rem;
        height: 5.5rem;
        border-radius: 50%;
        padding: 0;
        background: #fff;
        border: 0.375rem solid var(--action);
        box-shadow: inset 0 0 0 0.25rem #fff;
        margin: 1.25rem auto;
        display: flex;
        color: #14213d;
      }
      .shutter:hover {
        background: #dfeafa;
      }
      .shutter svg {
        width: 2.25rem;
        height: 2.25rem;
      }
      .or {
        text-align: center;
      }
      input[type='file'] {
        position: absolute;
        width: 1px;
        height: 1px;
        min-height: 0;
        padding: 0;
        border: 0;
        opacity: 0;
      }
      label.button {
        margin: 0;
      }
      input[type='file']:focus-visible + label.button {
        outline: 3px solid var(--focus);
        outline-offset: 2px;
      }
      code {
        overflow-wrap: anywhere;
      }
    `,
  ];

  @state() private crime: CrimeDetail | null = null;
  @state() private stream: MediaStream | null = null;
  @state() private draftId = '';
  @state() private form: ItemForm | null = null;
  @state() private previewUrl = '';
  /** The browser can't draw it: an iPhone's HEIC in most browsers. */
  @state() private cannotShow = false;
  @state() private message = '';
  @state() private locationMessage = '';
  @state() private isConfirmingDiscard = false;
  /** The last description, filled in for the next photo of the same thing. */
  private lastDescription = '';

  override connectedCallback(): void {
    super.connectedCallback();
    void this.open();
  }

  override disconnectedCallback(): void {
    this.closeCamera();
    this.setPreview(null);
    super.disconnectedCallback();
  }

  /** The screen of what the photo belongs to. */
  private get parentRoute(): string {
    const visit = visitReference(this.crimeId);
    return visit === null ? `/crime/${this.crimeId}` : routeTo('visit', visit);
  }

  private async open(): Promise<void> {
    await this.runWithErrors(() => this.openDraft());
  }

  private async openDraft(): Promise<void> {
    this.crime = await this.controller.getCrime(this.crimeId);
    const opened = await this.controller.openPhoto(this.crimeId);
    if (opened === null) {
      await this.startCamera();
      return;
    }
    this.draftId = opened.id;
    this.form = opened.form;
    this.setPreview(opened.photo);
    this.message = 'You took this photo earlier and haven’t saved it yet. Enter what it shows.';
  }

  override async loadFromOtherTab(): Promise<void> {
    const newer = await this.controller.getDraftFromOtherTab(this.draftId);
    if (newer === 'sealed') this.navigate(this.parentRoute);
    else if (newer !== null) this.form = newer.form as ItemForm;
  }

  private async startCamera(): Promise<void> {
    try {
      const stream = await openCamera();
      // The officer may have left this screen while the browser asked for permission.
      if (this.isConnected) this.stream = stream;
      else closeCamera(stream);
    } catch (error) {
      this.message = error instanceof Error ? error.message : 'The camera did not open.';
    }
  }

  private closeCamera(): void {
    if (this.stream !== null) closeCamera(this.stream);
    this.stream = null;
  }

  private setPreview(photo: Blob | null): void {
    if (this.previewUrl !== '') URL.revokeObjectURL(this.previewUrl);
    this.previewUrl = photo === null ? '' : URL.createObjectURL(photo);
    this.cannotShow = false;
  }

  override updated(changed: PropertyValues): void {
    super.updated(changed);
    const video = this.renderRoot.querySelector('video');
    if (video !== null && video.srcObject !== this.stream) video.srcObject = this.stream;
  }

  private async takeFromCamera(): Promise<void> {
    const video = this.renderRoot.querySelector('video');
    if (this.stream === null || video === null || this.isBusy) return;
    await this.savePhoto(() => takePhoto(this.stream as MediaStream, video), '');
  }

  private async takeFromFile(event: globalThis.Event): Promise<void> {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    if (file !== undefined) await this.savePhoto(() => Promise.resolve(file), file.name);
    input.value = '';
  }

  private async savePhoto(picture: () => Promise<Blob>, filename: string): Promise<void> {
    this.message = '';
    await this.runOnce(async () => {
      const photo = await picture();
      const { id, form } = await this.controller.takePhoto(this.crimeId, photo, filename);
      this.draftId = id;
      this.form = form;
      this.setPreview(photo);
      this.closeCamera();
    });
    if (this.form === null) return;
    if (this.lastDescription !== '') this.setFields({ description: this.lastDescription });
    await this.updateComplete;
    const box = this.renderRoot.querySelector<HTMLInputElement>('#description');
    box?.focus();
    box?.select();
  }

  private setFields(change: Partial<ItemForm>): void {
    if (this.form === null || this.isBusy) return;
    this.form = { ...this.form, ...change };
    this.controller.saveDraft({
      id: this.draftId,
      kind: 'item',
      crimeId: this.crimeId,
      form: this.form,
    });
    if (this.errors.length > 0) this.errors = validateItem(this.form);
  }

  private async describe(prompt: string): Promise<void> {
    this.setFields({ description: `${prompt}: ` });
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLInputElement>('#description')?.focus();
  }

  private async addPlace(): Promise<void> {
    this.locationMessage = 'Getting your location…';
    try {
      const fix = await getLocation();
      this.setFields({ fix });
      this.locationMessage = `Location added, accurate to about ${String(fix.accuracy_m)} metres.`;
    } catch (error) {
      this.locationMessage = error instanceof Error ? error.message : '';
    }
  }

  private async discardPhoto(): Promise<void> {
    if (!this.isConfirmingDiscard) {
      this.isConfirmingDiscard = true;
      return;
    }
    await this.runOnce(() => this.controller.discardDraft(this.draftId));
    await this.startNewPhoto();
  }

  private async startNewPhoto(): Promise<void> {
    this.form = null;
    this.draftId = '';
    this.isConfirmingDiscard = false;
    this.setPreview(null);
    this.errors = [];
    this.message = '';
    this.locationMessage = '';
    await this.startCamera();
  }

  private async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const isMore = (event.submitter as HTMLButtonElement | null)?.value === 'more';
    if (this.form === null || this.isBusy) return;
    const errors = validateItem(this.form);
    if (errors.length > 0) {
      await this.showErrors(errors);
      return;
    }
    const { form } = this;
    const isKept = await this.runOnce(async () => {
      await this.controller.sealPhoto(this.draftId, form);
      this.announce('Photo sealed and saved on this phone. We’ll send it when you have signal.');
      this.lastDescription = form.description;
      if (!isMore) this.navigate(this.parentRoute);
    });
    if (isKept && isMore) await this.startNewPhoto();
  }

  private cameraSection(): TemplateResult {
    return html`
      <div class="view">
        ${this.stream === null ? html`<p>${this.message === '' ? 'Opening the camera…' : 'No live camera'}</p>` : nothing}
        <video
          ?hidden=${this.stream === null}
          autoplay
          playsinline
          muted
          aria-label="Live view from the camera"
          data-testid="camera"
        ></video>
      </div>
      ${this.stream === null ? nothing : html`<button type="button" class="shutter" data-testid="shutter" ?disabled=${this.isBusy} @click=${() => void this.takeFromCamera()}>${camera}<span class="quiet">Take the photo</span></button>`}
      <p class="or">
        <input
          type="file"
          id="photo-file"
          data-testid="photo-file"
          accept="image/*"
          capture="environment"
          @change=${(e: globalThis.Event) => void this.takeFromFile(e)}
        />
        <label class="button plain wide" for="photo-file"
          >Use the phone’s camera or choose a file</label
        >
      </p>
    `;
  }

  private descriptionForm(form: ItemForm): TemplateResult {
    return html`
      <div class="view">
        ${
          this.cannotShow
            ? html`<p data-testid="photo-no-preview">
                This phone can’t show this kind of picture (${form.mediaType}). It’s saved as it is,
                and the crime desk can see it.
              </p>`
            : html`<img
                src=${this.previewUrl}
                alt="Your photo"
                data-testid="photo-preview"
                @error=${() => {
                  this.cannotShow = true;
                }}
              />`
        }
      </div>
      <form novalidate @submit=${(e: SubmitEvent) => void this.submit(e)}>
        <div class="stack">
          ${errorSummary(this.errors, () => this.renderRoot)}
          <section class="card">
            ${visitReference(this.crimeId) === null ? nothing : visitPrompts((prompt) => void this.describe(prompt))}
            ${textField({
              id: 'description',
              label: 'What the photo shows',
              hint: `For example, “${visitReference(this.crimeId) === null ? 'Scratch along the driver’s door' : 'Cabinet: bolted to a brick wall'}”`,
              errors: this.errors,
              value: form.description,
              maxlength: 500,
              onInput: (description) => {
                this.setFields({ description });
              },
            })}
            <p class="hint field" role="status">${this.locationMessage}</p>
            <button
              type="button"
              class="plain wide"
              data-testid="photo-location"
              @click=${() => void this.addPlace()}
            >
              ${pin}Add my location
            </button>
          </section>
          <p class="muted">
            ${Math.max(1, Math.round(form.size / 1024)).toLocaleString('en-GB')} kB · SHA-256
            <code data-testid="photo-hash">${form.sha256}</code>
          </p>
          <button class="wide big" type="submit" data-testid="keep-photo" ?disabled=${this.isBusy}>
            Seal and save photo
          </button>
          <button
            class="plain wide"
            type="submit"
            value="more"
            data-testid="keep-and-more"
            ?disabled=${this.isBusy}
          >
            Save and take another
          </button>
          <button
            type="button"
            class="plain wide"
            data-testid="retake"
            ?disabled=${this.isBusy}
            @click=${() => void this.discardPhoto()}
          >
            ${this.isConfirmingDiscard ? 'Yes, delete this photo' : 'Delete and take another'}
          </button>
        </div>
      </form>
    `;
  }

  override render(): TemplateResult {
    const { crime, form } = this;
    return html`
      <a class="back" href="#${this.parentRoute}"
        >‹
        ${crime?.number ?? (visitReference(this.crimeId) === null ? 'The crime' : 'The visit')}</a
      >
      <h1 tabindex="-1">Take a photo</h1>
      <div class="stack">
        ${this.errorNotice()}
        ${this.message === '' ? nothing : html`<div class="notice" role="status" data-testid="photo-words"><p>${this.message}</p></div>`}
        ${form === null ? this.cameraSection() : this.descriptionForm(form)}
      </div>
    `;
  }
}
