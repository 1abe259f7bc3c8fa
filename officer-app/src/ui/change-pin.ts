/** Changes the PIN that unlocks the app. */
import { html, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { checkPin } from '../lock/pin';
import { errorSummary, textField } from './fields';
import { Screen } from './screen';
import { base } from './styles';

const LABELS = {
  old_pin: 'Your PIN now',
  pin: 'New PIN',
  pin_again: 'New PIN again',
} as const;
type Field = keyof typeof LABELS;

@customElement('bl-change-pin')
export class ChangePinElement extends Screen {
  static override styles = [base];

  @state() private values: Record<Field, string> = { old_pin: '', pin: '', pin_again: '' };

  private findError(): { field: Field; message: string } | null {
    const { old_pin: oldPin, pin, pin_again: again } = this.values;
    if (oldPin === '') return { field: 'old_pin', message: 'Enter your PIN' };
    const problem = checkPin(pin);
    if (problem !== null) return { field: 'pin', message: problem };
    if (pin !== again) return { field: 'pin_again', message: 'Enter the same PIN again' };
    return null;
  }

  private async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const error = this.findError();
    if (error !== null) {
      await this.showErrors([error]);
      return;
    }
    this.errors = [];
    const answer: { problem: string | null } = { problem: null };
    const isDone = await this.runOnce(async () => {
      answer.problem = await this.controller.lock.changePin(this.values.old_pin, this.values.pin);
    });
    if (!isDone) return;
    const { problem } = answer;
    if (problem !== null) {
      this.values = { ...this.values, old_pin: '' };
      await this.showErrors([{ field: 'old_pin', message: problem }]);
      return;
    }
    this.values = { old_pin: '', pin: '', pin_again: '' };
    this.announce('Your PIN is changed.');
    this.navigate('#/');
  }

  private field(id: Field): TemplateResult {
    return textField({
      id,
      label: LABELS[id],
      ...(id === 'pin'
        ? { hint: '8 numbers or more. 12 or more is much harder to guess. Don’t use a date.' }
        : {}),
      errors: this.errors,
      value: this.values[id],
      type: 'password',
      inputmode: 'numeric',
      autocomplete: id === 'old_pin' ? 'current-password' : 'new-password',
      maxlength: 64,
      onInput: (value) => {
        this.values = { ...this.values, [id]: value };
      },
    });
  }

  override render(): TemplateResult {
    return html`<h1 tabindex="-1">Change your PIN</h1>
      <form
        class="card"
        data-testid="change-pin-form"
        novalidate
        @submit=${(e: SubmitEvent) => void this.submit(e)}
      >
        ${errorSummary(this.errors, () => this.renderRoot)} ${this.field('old_pin')}
        ${this.field('pin')} ${this.field('pin_again')} ${this.errorNotice()}
        <button
          class="wide row-button"
          type="submit"
          data-testid="save-pin"
          ?disabled=${this.isBusy}
        >
          ${this.isBusy ? 'Changing…' : 'Change PIN'}
        </button>
      </form>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'bl-change-pin': ChangePinElement;
  }
}
