/** This phone itself: the card that enrols it to the officer, and the screen of a blocked one. */
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { errorSummary, textField } from './fields';
import './save-queue';
import { Screen } from './screen';
import { base } from './styles';

const MAX_NAME = 60;

/** Gives the phone a name, once for each officer who uses it. */
@customElement('bl-enrol')
export class EnrolElement extends Screen {
  static override styles = [base];

  /** What the officer typed; null while they have left the suggestion as it is. */
  @state() private typed: string | null = null;

  private get name(): string {
    return this.typed ?? this.controller.view.device.suggestedName;
  }

  private async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.name.trim() === '') {
      await this.showErrors([{ field: 'device_name', message: 'Enter a name for this phone' }]);
      return;
    }
    this.errors = [];
    await this.runOnce(() => this.controller.enrolDevice(this.name));
  }

  override render(): TemplateResult {
    return html`<form
      class="card stack"
      data-testid="enrol"
      novalidate
      @submit=${(e: SubmitEvent) => void this.submit(e)}
    >
      <h2>Name this phone</h2>
      <p>
        We only take work from phones that we know. The crime desk sees this name, and can block the
        phone if you lose it.
      </p>
      ${errorSummary(this.errors, () => this.renderRoot)}
      ${textField({
        id: 'device_name',
        label: 'Name',
        hint: 'So that you can tell it from your other phones',
        errors: this.errors,
        value: this.name,
        maxlength: MAX_NAME,
        capitals: 'words',
        onInput: (value) => {
          this.typed = value;
        },
      })}
      ${this.errorNotice()}
      <button class="wide" type="submit" data-testid="enrol-device" ?disabled=${this.isBusy}>
        ${this.isBusy ? 'Saving…' : 'Use this phone'}
      </button>
    </form>`;
  }
}

/** All that a blocked phone shows: why, and that what was recorded is safe. Nothing about anybody. */
@customElement('bl-blocked')
export class BlockedElement extends Screen {
  static override styles = [base];

  override render(): TemplateResult {
    const { device, waitingLabel, signal } = this.controller.view;
    return html`<div class="stack" data-testid="device-blocked">
      <h1 tabindex="-1">This phone is blocked</h1>
      <div class="notice bad"><p data-testid="device-message">${device.message}</p></div>
      ${
        waitingLabel === ''
          ? nothing
          : html`<p data-testid="device-waiting">
              <strong>${waitingLabel} saved on this phone, not sent.</strong> Nothing is lost. We’ll
              send it when the phone is unblocked.
            </p>`
      }
      ${waitingLabel === '' ? nothing : html`<bl-save-queue .controller=${this.controller}></bl-save-queue>`}
      <p>
        You can’t record anything on this phone until then. If you need a crime number now, call the
        crime desk.
      </p>
      ${signal === 'none' ? html`<p>There’s no signal, so we can’t check if it has been unblocked.</p>` : nothing}
      ${this.errorNotice()}
      <button
        type="button"
        class="wide"
        data-testid="check-device"
        ?disabled=${this.isBusy}
        @click=${() => void this.runOnce(() => this.controller.checkDevice())}
      >
        ${this.isBusy ? 'Checking…' : 'Check again'}
      </button>
      <button
        type="button"
        class="plain wide"
        data-testid="sign-out"
        ?disabled=${this.isBusy}
        @click=${() => void this.runOnce(() => this.controller.signOut())}
      >
        Sign out
      </button>
    </div>`;
  }
}
