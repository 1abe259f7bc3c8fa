/** What is waiting: each capture with its state in words, and a way to try now. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { QueueLine } from './pocket-book';
import { queueLine } from './queue-line';
import { Screen } from './screen';
import { base } from './styles';

@customElement('bl-queue')
export class QueueElement extends Screen {
  static override styles = [
    base,
    css`
      li { padding: 1rem 1.125rem; border-top: 1px solid var(--line); border-left: 0.375rem solid var(--muted); }
      li:first-child { border-top: 0; }
      li[data-state='received'] { border-left-color: var(--good); }
      li[data-state='held'] { border-left-color: var(--bad); }
      li[data-state='sending'] { border-left-color: var(--link); }
      li button { margin-top: 0.5rem; }
      .card { padding: 0; overflow: hidden; }
    `,
  ];

  @state() private isTrying = false;

  private async retry(id: string | null): Promise<void> {
    this.isTrying = true;
    try {
      await this.book.retry(id);
    } finally {
      this.isTrying = false;
    }
  }

  private async mend(line: QueueLine): Promise<void> {
    if (!(await this.book.reopen(line.id))) return;
    const route = { crime: `/record/${line.id}`, statement: `/statement/${line.crimeId}`, item: `/photo/${line.crimeId}` }[line.kind];
    this.say(line.problem === null ? 'This is a draft again.' : `This is a draft again. What the server said: ${line.problem.replace(' It is kept on this phone. Tell your supervisor.', '')}`);
    this.go(route);
  }

  private again(line: QueueLine): TemplateResult | typeof nothing {
    if (line.state !== 'held' && line.state !== 'sealed') return nothing;
    if (line.mayMend)
      return html`<button type="button" data-testid="mend" ?disabled=${this.isTrying} @click=${() => void this.mend(line)}>Mend it and send again<span class="quiet"> ${line.label}</span></button>`;
    return html`<button type="button" class="plain" data-testid="retry" ?disabled=${this.isTrying} @click=${() => void this.retry(line.id)}>
      Try now<span class="quiet"> ${line.label}</span></button>`;
  }

  override render(): TemplateResult {
    const { queue, queueWords, waiting, held } = this.book.view;
    return html`
      <a class="back" href="#/">‹ Home</a>
      <h1 tabindex="-1">What is waiting</h1>
      <p class="lead" data-testid="queue-summary">${queueWords}.</p>
      <div class="stack">
        ${waiting + held > 0 ? html`<button type="button" class="wide" data-testid="retry-all" ?disabled=${this.isTrying} @click=${() => void this.retry(null)}>${this.isTrying ? 'Trying…' : 'Try everything now'}</button>` : nothing}
        ${queue.length === 0
          ? html`<p class="muted">Nothing has been made on this phone in the last week. What you record shows here until the server has it, and a week longer.</p>`
          : html`<div class="card"><ul data-testid="queue">${queue.map((line) => queueLine(line, this.again(line)))}</ul></div>`}
        <p class="muted">Nothing leaves this phone’s store until the server has answered with the same fingerprint (SHA-256) that was made here.</p>
      </div>
    `;
  }
}
