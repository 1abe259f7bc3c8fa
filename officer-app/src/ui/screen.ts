/** What every screen shares: the controller, its error message, and focus on the heading when it opens. */
import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { FieldError } from '../capture/capture';
import type { AppController } from './controller';
import { base } from './styles';

export abstract class Screen extends LitElement {
  static override styles = [base];

  @property({ attribute: false }) controller!: AppController;
  @property({ attribute: false }) crimeId = '';
  @property({ attribute: false }) errors: readonly FieldError[] = [];
  @state() protected isBusy = false;
  /** Why the last action failed, in a sentence; empty when it did not. */
  @state() protected errorMessage = '';

  protected navigate(route: string): void {
    location.hash = route;
  }

  /** Show a sentence on the next screen, and read it out to screen readers. */
  protected announce(words: string): void {
    this.dispatchEvent(
      new CustomEvent('announce', { detail: words, bubbles: true, composed: true }),
    );
  }

  /** Run an action unless one is running already. Returns whether it succeeded; an error is shown. */
  protected async runOnce(work: () => Promise<void>): Promise<boolean> {
    if (this.isBusy) return false;
    this.isBusy = true;
    const isDone = await this.runWithErrors(work);
    this.isBusy = false;
    return isDone;
  }

  /** Run an action and show its error, if any. Returns whether it succeeded. */
  protected async runWithErrors(work: () => Promise<void>): Promise<boolean> {
    this.errorMessage = '';
    try {
      await work();
      return true;
    } catch (error) {
      this.errorMessage =
        error instanceof Error ? error.message : 'That did not work. Nothing is lost. Try again.';
      return false;
    }
  }

  protected errorNotice(): TemplateResult | typeof nothing {
    return this.errorMessage === ''
      ? nothing
      : html`<div class="notice bad" role="alert" data-testid="screen-error">
          <p>${this.errorMessage}</p>
        </div>`;
  }

  /** Another tab saved something: a screen with a draft loads it. */
  loadFromOtherTab(): Promise<void> | void {
    // A screen without a draft has nothing to load.
  }

  protected async showErrors(errors: readonly FieldError[]): Promise<void> {
    this.errors = errors;
    await this.updateComplete;
    const summary = this.renderRoot.querySelector<HTMLElement>('#error-summary');
    summary?.scrollIntoView({ block: 'start' });
    summary?.focus({ preventScroll: true });
  }

  /** Move the focus to the heading, so that a screen reader starts there. */
  async focusHeading(): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('h1')?.focus();
  }
}
