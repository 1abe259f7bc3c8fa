/** The screen of a locked app: it shows nothing about anybody. */
import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { FieldError } from '../capture/capture';
import { errorSummary, textField } from './fields';
import type { LockedApp } from './lock-types';
import { base } from './styles';

@customElement('bl-locked')
export class LockedElement extends LitElement {
  static override styles = [base];

  @property({ attribute: false }) app!: LockedApp;
  @state() private pin = '';
  @state() private errors: readonly FieldError[] = [];
  @state() private isBusy = false;

  override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>('h1')?.focus();
  }

  private async unlock(work: () => Promise<string | null>, field: string): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    this.errors = [];
    const problem = await work().catch(
      () => 'The app couldn’t be opened. Nothing is lost. Try again',
    );
    this.isBusy = false;
    if (problem === null) return;
    this.pin = '';
    this.errors = [{ field, message: problem }];
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('#error-summary')?.focus();
  }

  private submitPin(event: SubmitEvent): void {
    event.preventDefault();
    const { pin } = this;
    void this.unlock(
      () => (pin === '' ? Promise.resolve('Enter your PIN') : this.app.unlockWithPin(pin)),
      'pin',
    );
  }

  private pinForm(): TemplateResult {
    return html`<form
      class="card"
      novalidate
      @submit=${(e: SubmitEvent) => {
        this.submitPin(e);
      }}
    >
      ${textField({
        id: 'pin',
        label: 'PIN',
        errors: this.errors,
        value: this.pin,
        type: 'password',
        inputmode: 'numeric',
        autocomplete: 'current-password',
        maxlength: 64,
        onInput: (value) => {
          this.pin = value;
        },
      })}
      <button class="wide row-button" type="submit" data-testid="unlock" ?disabled=${this.isBusy}>
        ${this.isBusy ? 'Opening…' : 'Unlock'}
      </button>
    </form>`;
  }

  private startAgainButton(label: string, testid: string): TemplateResult {
    return html`<button
      type="button"
      class="plain wide"
      data-testid=${testid}
      ?disabled=${this.isBusy}
      @click=${() => void this.unlock(() => this.app.startAgain().then(() => null), 'start-again')}
    >
      ${label}
    </button>`;
  }

  private unsentNotice(): TemplateResult {
    const { unsentCount } = this.app;
    if (unsentCount === 0)
      return html`<p data-testid="unsent">
        Everything that was recorded on this phone has been sent, so nothing is lost.
      </p>`;
    return html`<p data-testid="unsent">
      <strong
        >${unsentCount === 1 ? '1 thing on this phone has' : `${String(unsentCount)} things on this phone have`}
        not been sent.</strong
      >
      Without the PIN or passkey, nobody can recover ${unsentCount === 1 ? 'it' : 'them'}: not you,
      not us. ${unsentCount === 1 ? 'It stays' : 'They stay'} locked on this phone, in case you
      remember. What we’ve received is safe.
    </p>`;
  }

  override render(): TemplateResult {
    const { hasPin, hasPasskey, unsentCount } = this.app;
    return html`
      <h1 tabindex="-1">The app is locked</h1>
      <div class="stack" data-testid="locked">
        ${errorSummary(this.errors, () => this.renderRoot)}
        ${
          unsentCount === 0
            ? nothing
            : html`<p data-testid="locked-waiting">
                ${unsentCount === 1 ? '1 thing is' : `${String(unsentCount)} things are`} saved on
                this phone, not sent. ${unsentCount === 1 ? 'It’s' : 'They’re'} sent when you unlock
                the app.
              </p>`
        }
        ${
          hasPasskey
            ? html`<button
                type="button"
                class="wide big"
                data-testid="unlock-passkey"
                ?disabled=${this.isBusy}
                @click=${() => void this.unlock(() => this.app.unlockWithPasskey(), 'unlock-passkey')}
              >
                Unlock with fingerprint, face or phone PIN
              </button>`
            : nothing
        }
        ${hasPin ? this.pinForm() : nothing}
        <details>
          <summary data-testid="forgot">I can’t unlock it</summary>
          <div class="card stack">
            ${this.unsentNotice()}
            <p>
              You can start again with an empty app. You’ll need to sign in and name this phone
              again.
            </p>
            ${this.startAgainButton('Start again', 'start-again')}
          </div>
        </details>
        <details>
          <summary data-testid="another-officer">I’m a different officer</summary>
          <div class="card stack">
            <p>
              You can use this phone too. What is locked stays locked, and you’ll have your own PIN
              or passkey.
            </p>
            ${this.startAgainButton('Use this phone as another officer', 'start-as-another')}
          </div>
        </details>
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'bl-locked': LockedElement;
  }
}
