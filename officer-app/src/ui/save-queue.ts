/** "Save what waits to a file": for a phone that can't send it, or that is about to be given up. */
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { formatBytes } from '../capture/sizes';
import type { SavedQueue } from '../outbox/saved-queue';
import { Screen } from './screen';
import { base } from './styles';

/** What phones have that can pass a file on to another app or another phone. */
type Sharer = Pick<Navigator, 'share' | 'canShare'>;

function things(count: number): string {
  return count === 1 ? '1 thing' : `${String(count)} things`;
}

@customElement('bl-save-queue')
export class SaveQueueElement extends Screen {
  static override styles = [base];

  @state() private saved: (SavedQueue & { url: string }) | null = null;

  override disconnectedCallback(): void {
    this.forget();
    super.disconnectedCallback();
  }

  private forget(): void {
    if (this.saved !== null) URL.revokeObjectURL(this.saved.url);
    this.saved = null;
  }

  private async save(): Promise<void> {
    await this.runOnce(async () => {
      this.forget();
      const saved = await this.controller.phoneFiles.save();
      if (saved === null) throw new Error('Nothing waits on this phone.');
      this.saved = { ...saved, url: URL.createObjectURL(saved.file) };
    });
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('[data-testid="download-queue"]')?.focus();
  }

  private get shareData(): ShareData | null {
    const sharer = navigator as Partial<Sharer>;
    if (this.saved === null || sharer.share === undefined) return null;
    const { file, name } = this.saved;
    const data = { files: [new File([file], name, { type: file.type })] };
    return sharer.canShare?.(data) === true ? data : null;
  }

  private async share(data: ShareData): Promise<void> {
    // They changed their mind: the link is still there.
    await navigator.share(data).catch(() => undefined);
  }

  private result(saved: SavedQueue & { url: string }): TemplateResult {
    const { shareData } = this;
    return html`<div class="notice good stack" role="status" data-testid="queue-saved">
        <p>
          <strong>${things(saved.count)} in the file, ${formatBytes(saved.file.size)}.</strong>
          Everything stays on this phone too, until our server has it.
        </p>
        ${
          saved.leftOut === 0
            ? nothing
            : html`<p data-testid="left-out">
                ${things(saved.leftOut)} can’t go into this file. Tell your supervisor.
              </p>`
        }
      </div>
      <a class="button wide" data-testid="download-queue" href=${saved.url} download=${saved.name}
        >Save ${saved.name}</a
      >
      ${
        shareData === null
          ? nothing
          : html`<button
              type="button"
              class="plain wide"
              data-testid="share-queue"
              @click=${() => void this.share(shareData)}
            >
              Send it another way
            </button>`
      }
      <p class="muted">
        Give it to your supervisor or the crime desk, or to a colleague, whose app can send it. Only
        your force can read it, so nobody who finds it can.
      </p>`;
  }

  override render(): TemplateResult {
    return html`<section class="card stack" aria-labelledby="save-queue">
      <h2 id="save-queue">If this phone can’t send it</h2>
      <p>
        Save everything that waits to a file, encrypted for your force. It works without signal.
        Drafts aren’t in it: finish them first.
      </p>
      ${this.errorNotice()} ${this.saved === null ? nothing : this.result(this.saved)}
      <button
        type="button"
        class=${this.saved === null ? 'wide' : 'plain wide'}
        data-testid="save-queue"
        ?disabled=${this.isBusy}
        @click=${() => void this.save()}
      >
        ${this.isBusy ? 'Saving…' : this.saved === null ? 'Save what waits to a file' : 'Save it again'}
      </button>
    </section>`;
  }
}
