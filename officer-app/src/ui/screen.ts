/** What every screen shares: the pocket book, a redraw when it changes, and focus on the heading when it opens. */
import { LitElement } from 'lit';
import { property } from 'lit/decorators.js';
import type { Mend } from '../capture/capture';
import type { PocketBook } from './pocket-book';
import { base } from './styles';

export abstract class Screen extends LitElement {
  static override styles = [base];

  @property({ attribute: false }) book!: PocketBook;
  @property({ attribute: false }) crimeId = '';
  @property({ attribute: false }) mends: readonly Mend[] = [];

  protected go(route: string): void {
    location.hash = route;
  }

  /** A sentence for the next screen and for screen readers. */
  protected say(words: string): void {
    this.dispatchEvent(new CustomEvent('say', { detail: words, bubbles: true, composed: true }));
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
