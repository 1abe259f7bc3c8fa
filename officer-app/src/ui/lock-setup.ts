/** Sets the lock of the app: with the phone's own unlock where it can, or with a PIN. */
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { checkPin } from '../lock/pin';
import { errorSummary, textField } from './fields';
import { Screen } from './screen';
import { base } from './styles';

const NO_SECRET =
  'This phone can’t lock the app with its fingerprint, face or PIN. Set a PIN for the app instead.';
const STOPPED = 'The lock isn’t set. Try again, or set a PIN for the app instead.';

@customElement('bl-lock-setup')
export class LockSetupElement extends Screen {
  static override styles = [base];

  @state() private pin = '';
  @state() private again = '';
  @state() private canUsePasskey = false;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.controller.lock.hasAuthenticator().then((can) => {
      this.canUsePasskey = can;
    });
  }

  private async done(): Promise<void> {
    [this.pin, this.again] = ['', ''];
    this.announce('The app locks when you don’t use it for 5 minutes, and when it’s closed.');
    this.navigate('#/');
    await this.updateComplete;
  }

  private async setPin(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const problem = checkPin(this.pin);
    if (problem !== null) {
      await this.showErrors([{ field: 'pin', message: problem }]);
      return;
    }
    if (this.pin !== this.again) {
      await this.showErrors([{ field: 'pin_again', message: 'Enter the same PIN again' }]);
      return;
    }
    this.errors = [];
    if (await this.runOnce(() => this.controller.lock.setPin(this.pin))) await this.done();
  }

  private async setPasskey(): Promise<void> {
    const isSet = await this.runOnce(async () => {
      const can = await this.controller.lock.setPasskey().catch((error: unknown) => {
        // The officer stopped it, or the phone did.
        throw error instanceof DOMException ? new Error(STOPPED) : error;
      });
      if (can) return;
      this.canUsePasskey = false;
      throw new Error(NO_SECRET);
    });
    if (isSet) await this.done();
  }

  private pinField(id: 'pin' | 'pin_again'): TemplateResult {
    const isFirst = id === 'pin';
    return textField({
      id,
      label: isFirst ? 'PIN' : 'PIN again',
      ...(isFirst
        ? { hint: '8 numbers or more. 12 or more is much harder to guess. Don’t use a date.' }
        : {}),
      errors: this.errors,
      value: isFirst ? this.pin : this.again,
      type: 'password',
      inputmode: 'numeric',
      autocomplete: 'new-password',
      maxlength: 64,
      onInput: (value) => {
        if (isFirst) this.pin = value;
        else this.again = value;
      },
    });
  }

  private pinForm(): TemplateResult {
    return html`<form
      class="card"
      data-testid="lock-pin"
      novalidate
      @submit=${(e: SubmitEvent) => void this.setPin(e)}
    >
      <h2>${this.canUsePasskey ? 'Or set a PIN for the app' : 'Set a PIN for the app'}</h2>
      ${this.pinField('pin')} ${this.pinField('pin_again')}
      <button
        class="wide row-button ${this.canUsePasskey ? 'plain' : ''}"
        type="submit"
        data-testid="set-pin"
        ?disabled=${this.isBusy}
      >
        ${this.isBusy ? 'Encrypting everything. Keep this page open…' : 'Set PIN'}
      </button>
    </form>`;
  }

  override render(): TemplateResult {
    const { isRequired } = this.controller.view.lock;
    return html`
      ${isRequired ? nothing : html`<a class="back" href="#/">‹ Home</a>`}
      <h1 tabindex="-1">Lock this app</h1>
      <div class="stack" data-testid="lock-setup">
        ${errorSummary(this.errors, () => this.renderRoot)} ${this.errorNotice()}
        <p>
          What you record is encrypted on this phone. With a lock, nobody who finds the phone or
          copies what is on it can read your work without you.
        </p>
        <p>
          The app locks when you don’t use it for 5 minutes and when it’s closed. It saves what you
          typed first.
        </p>
        <div class="notice warn">
          <p>
            <strong
              >If you forget your PIN or lose the passkey, nobody can recover what has not been
              sent.</strong
            >
            What we’ve received is safe.
          </p>
        </div>
        ${
          this.canUsePasskey
            ? html`<section class="card">
                <h2>Use this phone’s own unlock</h2>
                <p>
                  Your fingerprint, your face or the PIN that opens the phone. This is the safest
                  way. It makes a passkey for the app on this phone.
                </p>
                <button
                  type="button"
                  class="wide row-button"
                  data-testid="set-passkey"
                  ?disabled=${this.isBusy}
                  @click=${() => void this.setPasskey()}
                >
                  Use fingerprint, face or phone PIN
                </button>
              </section>`
            : nothing
        }
        ${this.pinForm()}
        ${isRequired ? nothing : html`<p><a href="#/" data-testid="lock-later">Set it up later</a></p>`}
      </div>
    `;
  }
}
