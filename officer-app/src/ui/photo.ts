/** Photos, videos and files: taken with the live camera or chosen, several at once. Each is hashed and saved before it is described. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { getRoom, getTimedLocation, isLocationAllowed } from '../capture/devices';
import { LARGEST_SHOWN, toShowable } from '../capture/heic';
import {
  describeSeries,
  missingShots,
  seriesWords,
  validateSeries,
  type ItemForm,
} from '../capture/item';
import { SKETCH_WORDS } from '../capture/sketch';
import { visitReference } from '../capture/visit';
import { errorSummary, textField } from './fields';
import { fileChoice, fileChoiceStyles } from './file-choice';
import { camera, pen, pin } from './icons';
import type { CrimeDetail } from './controller';
import './live-camera';
import {
  photoItem,
  photoItemStyles,
  savingNotice,
  type Saving,
  type ShownItem,
} from './photo-item';
import { photoView } from './photo-view';
import { routeTo } from './routes';
import './sketch';
import { Screen } from './screen';
import { base } from './styles';
import { visitPrompts } from './visit';

@customElement('bl-photo')
export class PhotoElement extends Screen {
  static override styles = [
    base,
    photoView,
    photoItemStyles,
    fileChoiceStyles,
    css`
      .plain-list {
        list-style: none;
        padding: 0;
        margin: 0.75rem 0 0;
      }
      progress {
        width: 100%;
        height: 0.75rem;
        accent-color: var(--link);
      }
      code {
        overflow-wrap: anywhere;
      }
    `,
  ];

  @state() private crime: CrimeDetail | null = null;
  @state() private isCameraOpen = false;
  @state() private isSketching = false;
  @state() private items: readonly ShownItem[] = [];
  /** The file that is being saved now, and how many more were chosen with it. */
  @state() private saving: Saving | null = null;
  @state() private message = '';
  @state() private locationMessage = '';
  /** The file whose deletion the officer is asked to confirm. */
  @state() private confirming = '';
  @state() private room: number | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.runWithErrors(() => this.openDrafts());
  }

  override disconnectedCallback(): void {
    for (const { url } of this.items) URL.revokeObjectURL(url);
    super.disconnectedCallback();
  }

  /** The screen of what the files belong to. */
  private get parentRoute(): string {
    const visit = visitReference(this.crimeId);
    return visit === null ? `/crime/${this.crimeId}` : routeTo('visit', visit);
  }

  private async openDrafts(): Promise<void> {
    this.crime = await this.controller.getCrime(this.crimeId);
    this.room = await getRoom();
    for (const { id, form } of await this.controller.openFiles(this.crimeId))
      this.addItem(id, form, await this.controller.getDraftFile(id, form));
    if (this.items.length === 0) {
      this.isCameraOpen = true;
      return;
    }
    this.message =
      this.items.length === 1
        ? 'You took this earlier and haven’t saved it yet. Enter what it shows.'
        : 'You took these earlier and haven’t saved them yet. Enter what they show.';
  }

  override async loadFromOtherTab(): Promise<void> {
    for (const { id } of this.items) {
      const newer = await this.controller.getDraftFromOtherTab(id);
      if (newer === 'sealed') this.dropItem(id);
      else if (newer !== null) this.replaceForm(id, newer.form as ItemForm);
      if (newer === 'sealed' && this.items.length === 0) this.navigate(this.parentRoute);
    }
  }

  // ---- the series

  private addItem(id: string, form: ItemForm, file: Blob | null): void {
    const url = file === null ? '' : URL.createObjectURL(file);
    this.items = [...this.items, { id, form, url, cannotShow: false }];
  }

  private dropItem(id: string): void {
    URL.revokeObjectURL(this.items.find((item) => item.id === id)?.url ?? '');
    this.items = this.items.filter((item) => item.id !== id);
  }

  private replaceForm(id: string, form: ItemForm): void {
    this.items = this.items.map((item) => (item.id === id ? { ...item, form } : item));
  }

  /** Change how one file is shown. */
  private note(id: string, change: Partial<ShownItem>): void {
    this.items = this.items.map((item) => (item.id === id ? { ...item, ...change } : item));
  }

  private async giveReference(id: string): Promise<void> {
    await this.runWithErrors(async () => {
      const exhibitReference = await this.controller.takeExhibitReference(id);
      if (exhibitReference === null)
        throw new Error(
          'No exhibit reference is left on this phone. You get more when you have signal. Or ask the crime desk for one later.',
        );
      this.change(id, { exhibitReference });
    });
  }

  /** Change what is said of one file, and keep it. */
  private change(id: string, change: Partial<ItemForm>): void {
    const item = this.items.find((one) => one.id === id);
    if (item === undefined || this.isBusy) return;
    const form = { ...item.form, ...change };
    if (change.hasOwnWords === false) form.description = seriesWords(this.items);
    this.replaceForm(id, form);
    this.controller.saveDraft({ id, kind: 'item', crimeId: this.crimeId, form });
    if (this.errors.length > 0) this.errors = validateSeries(this.items);
  }

  /** The words of the series stand for every file that has none of its own. */
  private changeWords(description: string): void {
    for (const { id, form } of this.items)
      if (form.hasOwnWords !== true) this.change(id, { description });
  }

  private async takeFromCamera(photo: Promise<Blob>): Promise<void> {
    const id = await this.saveFile('', 1, 1, () => photo);
    // Only what the live camera takes is taken here and now.
    if (id !== null && (await isLocationAllowed())) void this.addPlace([id]);
  }

  private async keepSketch(picture: Blob): Promise<void> {
    const id = await this.saveFile('sketch-plan.png', 1, 1, () => Promise.resolve(picture));
    if (id === null) return;
    this.isSketching = false;
    this.change(id, { description: SKETCH_WORDS, hasOwnWords: true });
  }

  private async takeFromFiles(event: globalThis.Event): Promise<void> {
    const input = event.target as HTMLInputElement;
    const files = [...(input.files ?? [])];
    input.value = '';
    for (const [i, file] of files.entries())
      if (this.isConnected)
        await this.saveFile(file.name, i + 1, files.length, () => Promise.resolve(file));
  }

  /** Save one file, and return its id; null where that failed, which is said. */
  private async saveFile(
    name: string,
    at: number,
    of: number,
    open: () => Promise<Blob>,
  ): Promise<string | null> {
    this.message = '';
    let saved: string | null = null;
    this.saving = { name, percent: 0, at, of };
    await this.runWithErrors(async () => {
      const file = await open();
      const { id, form } = await this.controller.takeFile(this.crimeId, file, name, (bytes) => {
        this.saving = { name, percent: Math.floor((100 * bytes) / file.size), at, of };
      });
      // A film that is looked at is read into memory, as much of it as the browser pleases.
      const isShown = file.size <= LARGEST_SHOWN;
      const shown = isShown ? file.slice(0, file.size, form.mediaType) : null;
      this.addItem(id, form, shown === null ? null : await toShowable(shown));
      const description = seriesWords(this.items);
      if (description !== '') this.change(id, { description });
      saved = id;
    });
    this.saving = null;
    this.room = await getRoom();
    return saved;
  }

  private async describe(prompt: string): Promise<void> {
    this.changeWords(`${prompt}: `);
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLInputElement>('#description')?.focus();
  }

  private async addPlace(ids: readonly string[]): Promise<void> {
    this.locationMessage = 'Getting your location…';
    try {
      const fix = await getTimedLocation();
      for (const id of ids) this.change(id, { fix });
      this.locationMessage = `Location added, accurate to about ${String(fix.accuracy_m)} metres.`;
    } catch (error) {
      this.locationMessage = error instanceof Error ? error.message : '';
    }
  }

  private async removeItem(id: string): Promise<void> {
    if (this.confirming !== id) {
      this.confirming = id;
      return;
    }
    this.confirming = '';
    await this.runOnce(() => this.controller.discardDraft(id));
    this.dropItem(id);
    this.errors = [];
    if (this.items.length === 0) this.isCameraOpen = true;
  }

  private async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.items.length === 0 || this.isBusy || this.saving !== null) return;
    const errors = validateSeries(this.items);
    if (errors.length > 0) {
      await this.showErrors(errors);
      return;
    }
    const { items } = this;
    const isOne = items.length === 1;
    await this.runOnce(async () => {
      for (const { id, form } of items) {
        await this.controller.sealPhoto(id, form);
        this.dropItem(id);
      }
      this.announce(
        `${describeSeries(items)} sealed and saved on this phone. We’ll send ${isOne ? 'it' : 'them'} when you have signal.`,
      );
      this.navigate(this.parentRoute);
    });
  }

  // ---- the screen

  private cameraSection(): TemplateResult {
    if (!this.isCameraOpen)
      return html`<button
        type="button"
        class="plain wide"
        data-testid="open-camera"
        @click=${() => {
          this.isCameraOpen = true;
        }}
      >
        ${camera}Take another photo
      </button>`;
    return html`<bl-live-camera
      .isSaving=${this.saving !== null}
      @taken=${(e: CustomEvent<Promise<Blob>>) => void this.takeFromCamera(e.detail)}
      @no-camera=${(e: CustomEvent<string>) => {
        this.message = e.detail;
      }}
    ></bl-live-camera>`;
  }

  private sketchSection(): TemplateResult {
    return html`<button
        type="button"
        class="plain wide"
        data-testid="draw-sketch"
        aria-expanded=${this.isSketching ? 'true' : 'false'}
        @click=${() => {
          this.isSketching = !this.isSketching;
        }}
      >
        ${pen}${this.isSketching ? 'Throw the plan away' : 'Draw a sketch plan'}
      </button>
      ${this.isSketching ? html`<bl-sketch @drawn=${(e: CustomEvent<Blob>) => void this.keepSketch(e.detail)}></bl-sketch>` : nothing}`;
  }

  private seriesForm(): TemplateResult | typeof nothing {
    const { items } = this;
    if (items.length === 0) return nothing;
    const isOne = items.length === 1;
    const missing = missingShots(items);
    const hasCommonWords = items.some(({ form }) => form.hasOwnWords !== true);
    return html`<form novalidate @submit=${(e: SubmitEvent) => void this.submit(e)}>
      <div class="stack">
        ${errorSummary(this.errors, () => this.renderRoot)}
        <section class="card">
          ${visitReference(this.crimeId) === null ? nothing : visitPrompts((prompt) => void this.describe(prompt))}
          ${
            hasCommonWords
              ? textField({
                  id: 'description',
                  label: isOne ? 'What it shows' : 'What they show',
                  hint: isOne
                    ? 'For example, “Scratch along the driver’s door”'
                    : 'These words are for all of them. You can give one its own',
                  errors: this.errors,
                  value: seriesWords(items),
                  maxlength: 500,
                  onInput: (description) => {
                    this.changeWords(description);
                  },
                })
              : nothing
          }
          <p class="hint field" role="status">${this.locationMessage}</p>
          <button
            type="button"
            class="plain wide"
            data-testid="photo-location"
            @click=${() => void this.addPlace(items.map(({ id }) => id))}
          >
            ${pin}Add my location
          </button>
        </section>
        <section class="card" aria-labelledby="files-heading">
          <h2 id="files-heading">${describeSeries(items)}</h2>
          ${missing.length === 0 ? nothing : html`<p class="hint" data-testid="missing-shots">Not taken yet: ${missing.join(', ')}.</p>`}
          <ul class="plain-list">
            ${repeat(
              items,
              ({ id }) => id,
              (item, index) =>
                photoItem({
                  item,
                  index,
                  count: items.length,
                  errors: this.errors,
                  now: this.controller.now(),
                  isBusy: this.isBusy,
                  isConfirming: this.confirming === item.id,
                  canBeExhibit: visitReference(this.crimeId) === null,
                  actions: {
                    change: (change) => {
                      this.change(item.id, change);
                    },
                    remove: () => void this.removeItem(item.id),
                    cannotShow: () => {
                      this.note(item.id, { cannotShow: true });
                    },
                    give: () => void this.giveReference(item.id),
                    scan: (isScanning) => {
                      this.note(item.id, { isScanning });
                    },
                  },
                }),
            )}
          </ul>
        </section>
        <button
          class="wide big"
          type="submit"
          data-testid="keep-photo"
          ?disabled=${this.isBusy || this.saving !== null}
        >
          Seal and save ${isOne ? 'it' : `all ${String(items.length)}`}
        </button>
      </div>
    </form>`;
  }

  override render(): TemplateResult {
    const { crime } = this;
    return html`
      <a class="back" href="#${this.parentRoute}"
        >‹
        ${crime?.number ?? (visitReference(this.crimeId) === null ? 'The crime' : 'The visit')}</a
      >
      <h1 tabindex="-1">Photos and files</h1>
      <div class="stack">
        ${this.errorNotice()}
        ${this.message === '' ? nothing : html`<div class="notice" role="status" data-testid="photo-words"><p>${this.message}</p></div>`}
        ${this.cameraSection()} ${fileChoice(this.room, (e) => void this.takeFromFiles(e))}
        ${this.sketchSection()} ${savingNotice(this.saving)} ${this.seriesForm()}
      </div>
    `;
  }
}
