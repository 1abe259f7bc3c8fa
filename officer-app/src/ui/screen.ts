/** What every screen shares: the pocket book, a redraw when it changes, and focus on the heading when it opens. */
import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Mend } from '../capture/capture';
import type { PocketBook } from './pocket-book';
import { base } from './styles';

export abstract class Screen extends LitElement {
  static override styles = [base];

  @property({ attribute: false }) book!: PocketBook;
  @property({ attribute: false }) crimeId = '';
  @property({ attribute: false }) mends: readonly Mend[] = [];
  @state() protected isBusy = false;
  /** What stood in the way of the last press, in a sentence. */
  @state() protected trouble = '';

  protected go(route: string): void {
    location.hash = route;
  }

  /** A sentence for the next screen and for screen readers. */
  protected say(words: string): void {
    this.dispatchEvent(new CustomEvent('say', { detail: words, bubbles: true, composed: true }));
  }

  /** Do one thing at a time; what goes wrong is said, and nothing on the screen is lost. Returns whether it was done. */
  protected async once(work: () => Promise<void>): Promise<boolean> {
    if (this.isBusy) return false;
    this.isBusy = true;
    const isDone = await this.told(work);
    this.isBusy = false;
    return isDone;
  }

  /** What goes wrong is said. Returns whether nothing did. */
  protected async told(work: () => Promise<void>): Promise<boolean> {
    this.trouble = '';
    try {
      await work();
      return true;
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : 'That did not work. Nothing is lost: try again.';
      return false;
    }
  }

  protected troubleNotice(): TemplateResult | typeof nothing {
    return this.trouble === '' ? nothing : html`<div class="notice bad" role="alert" data-testid="screen-trouble"><p>${this.trouble}</p></div>`;
  }

  /** Another tab kept something: a screen with a draft takes it over. */
  catchUp(): Promise<void> | void {
    // A screen without a draft has nothing to catch up with.
  }

  protected async showMends(mends: readonly Mend[]): Promise<void> {
    this.mends = mends;
    await this.updateComplete;
    const summary = this.renderRoot.querySelector<HTMLElement>('#mends');
    summary?.scrollIntoView({ block: 'start' });
    summary?.focus({ preventScroll: true });
  }

  /** Once the first words are there, a screen reader starts at the heading. */
  async focusHeading(): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('h1')?.focus();
  }
}
