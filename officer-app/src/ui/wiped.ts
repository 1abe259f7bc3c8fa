/** All that a wiped phone shows. */
import { LitElement, css, html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { base } from './styles';

@customElement('bl-wiped')
export class WipedElement extends LitElement {
  static override styles = [
    base,
    css`
      main {
        max-width: 42rem;
        margin: 0 auto;
        padding: 1.25rem min(1rem, 4.5vw);
      }
    `,
  ];

  @property({ attribute: false }) setUpAgain: () => void = () => undefined;

  override render(): TemplateResult {
    return html`<main class="stack" data-testid="wiped">
      <h1 tabindex="-1">This phone was wiped by your force</h1>
      <div class="notice bad">
        <p>
          Everything that this app had on the phone has been deleted. What had been received before
          is safe.
        </p>
      </div>
      <p>
        If this is your phone, call the crime desk. If you found it, hand it in at a police station.
      </p>
      <button
        type="button"
        class="plain wide"
        data-testid="set-up-again"
        @click=${() => {
          this.setUpAgain();
        }}
      >
        Set this phone up again
      </button>
    </main>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'bl-wiped': WipedElement;
  }
}
