/** The outbox: each capture with its state, and a button to send it now. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { QueueLine } from './controller';
import { queueLine } from './queue-line';
import { Screen } from './screen';
import { base } from './styles';

@customElement('bl-queue')
export class QueueElement extends Screen {
  static override styles = [
    base,
    css`
      li {
        padding: 1rem 1.125rem;
        border-top: 1px solid var(--line);
        border-left: 0.375rem solid var(--muted);
      }
      li:first-child {
        border-top: 0;
      }
      li[data-state='received'] {
        border-left-color: var(--good);
      }
      li[data-state='blocked'] {
        border-left-color: var(--bad);
      }
      li[data-state='sending'] {
        border-left-color: var(--link);
      }
      li button {
        margin-top: 0.5rem;
      }
      .card {
        padding: 0;
        overflow: hidden;
      }
    `,
  ];

  @state() private isRetrying = false;

  private async retry(id: string | null): Promise<void> {
    this.isRetrying = true;
    try {
      await this.controller.retrySending(id);
    } finally {
      this.isRetrying = false;
    }
  }

  private async reopen(line: QueueLine): Promise<void> {
    if (!(await this.controller.reopenCapture(line.id))) return;
    const route = {
      crime: `/record/${line.id}`,
      addition: `/add/${line.crimeId}`,
      encounter: `/search/${line.id}`,
      statement: `/statement/${line.crimeId}`,
      item: `/photo/${line.crimeId}`,
    }[line.kind];
    this.announce(
      line.problem === null
        ? 'This is a draft again. Correct it and send it again.'
        : `This is a draft again. Correct it and send it again. The server said: ${line.problem.replace(' It’s saved on this phone. Tell your supervisor.', '')}`,
    );
    this.navigate(route);
  }

  private retryButton(line: QueueLine): TemplateResult | typeof nothing {
    if (line.state !== 'blocked' && line.state !== 'sealed') return nothing;
    if (line.canReopen)
      return html`<button
        type="button"
        data-testid="reopen"
        ?disabled=${this.isRetrying}
        @click=${() => void this.reopen(line)}
      >
        Correct and send again<span class="quiet"> ${line.label}</span>
      </button>`;
    return html`<button
      type="button"
      class="plain"
      data-testid="retry"
      ?disabled=${this.isRetrying}
      @click=${() => void this.retry(line.id)}
    >
      Send now<span class="quiet"> ${line.label}</span>
    </button>`;
  }

  override render(): TemplateResult {
    const { queue, queueSummary, waiting, blocked } = this.controller.view;
    return html`
      <a class="back" href="#/">‹ Home</a>
      <h1 tabindex="-1">Waiting to send</h1>
      <p class="lead" data-testid="queue-summary">${queueSummary}.</p>
      <div class="stack">
        ${waiting + blocked > 0 ? html`<button type="button" class="wide" data-testid="retry-all" ?disabled=${this.isRetrying} @click=${() => void this.retry(null)}>${this.isRetrying ? 'Sending…' : 'Send everything now'}</button>` : nothing}
        ${
          queue.length === 0
            ? html`<p class="muted">
                You haven’t recorded anything on this phone in the last week. What you record stays
                here for a week after the server has received it.
              </p>`
            : html`<div class="card">
                <ul data-testid="queue">
                  ${queue.map((line) => queueLine(line, this.retryButton(line)))}
                </ul>
              </div>`
        }
        <p class="muted">
          We only delete something from this phone when the server has confirmed that it received
          exactly the same file. We compare their fingerprints (SHA-256).
        </p>
      </div>
    `;
  }
}
