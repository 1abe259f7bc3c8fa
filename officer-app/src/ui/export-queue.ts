/** Saves a copy of what can't be sent, in a file that only the force can open. */
import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { AppController } from './controller';
import { base } from './styles';

@customElement('bl-export')
export class ExportElement extends LitElement {
  static override styles = [base];

  @property({ attribute: false }) controller!: AppController;
  @state() private isBusy = false;
  @state() private message = '';
  @state() private errorMessage = '';

  private async save(): Promise<void> {
    this.isBusy = true;
    this.message = '';
    this.errorMessage = '';
    try {
      const { file, name } = await this.controller.exportQueue();
      const url = URL.createObjectURL(file);
      const link = document.createElement('a');
      link.href = url;
      link.download = name;
      link.click();
      // A browser reads it after the click.
      setTimeout(() => {
        URL.revokeObjectURL(url);
      }, 60_000);
      this.message = `Saved as ${name}. Give it to your supervisor or the crime desk. What is on this phone stays here.`;
    } catch (error) {
      this.errorMessage = error instanceof Error ? error.message : 'The copy could not be saved';
    }
    this.isBusy = false;
  }

  override render(): TemplateResult | typeof nothing {
    const { waiting, blocked, othersWaiting, drafts } = this.controller.view;
    if (waiting + blocked + othersWaiting + drafts.length === 0) return nothing;
    return html`<details class="card" data-testid="export">
      <summary>It can’t be sent from this phone</summary>
      <p>
        Save a copy of everything that hasn’t been sent. It’s encrypted: only your force can open
        it. Your supervisor or the crime desk can bring it in under your name.
      </p>
      ${this.message === '' ? nothing : html`<p role="status" data-testid="export-done">${this.message}</p>`}
      ${this.errorMessage === '' ? nothing : html`<p class="error-message" role="alert" data-testid="export-error">${this.errorMessage}</p>`}
      <button
        type="button"
        class="plain wide"
        data-testid="export-queue"
        ?disabled=${this.isBusy}
        @click=${() => void this.save()}
      >
        ${this.isBusy ? 'Saving…' : 'Save an encrypted copy'}
      </button>
    </details>`;
  }
}

/** The app where a newer version changed the tables on this phone: nothing new is recorded, and nothing is lost. */
@customElement('bl-too-new')
export class TooNewElement extends LitElement {
  static override styles = [base];

  @property({ attribute: false }) controller!: AppController;

  override render(): TemplateResult {
    return html`<h1 tabindex="-1">This app is too old for this phone</h1>
      <div class="stack" data-testid="too-new">
        <p>
          A newer version of this app was used here. Nothing is lost, and what waits is still sent.
          Close this app and open it again with signal, to get the newer version.
        </p>
        <p>${this.controller.view.queueSummary}.</p>
        <bl-export .controller=${this.controller}></bl-export>
      </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'bl-export': ExportElement;
    'bl-too-new': TooNewElement;
  }
}
