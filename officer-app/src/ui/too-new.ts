/** What is shown where a newer version of the app was used on this phone. */
import { LitElement, html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { AppController } from './controller';
import './save-queue';
import { base } from './styles';

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
        <bl-save-queue .controller=${this.controller}></bl-save-queue>
      </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'bl-too-new': TooNewElement;
  }
}
