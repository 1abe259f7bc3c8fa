/** The outbox, crime by crime: each capture with its state and progress, and one button to try now. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { QueueLine } from './controller';
import { queueLine } from './queue-line';
import { routeTo } from './routes';
import './save-queue';
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
      h2 {
        margin: 0;
        padding: 0.875rem 1.125rem;
        font-size: 1.0625rem;
      }
      progress {
        width: 100%;
        height: 0.75rem;
        accent-color: var(--link);
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
      assessment: `/risk/${line.crimeId}`,
      encounter: `/search/${line.id}`,
      statement: `/statement/${line.crimeId}`,
      item: routeTo('photo', line.crimeId),
      task: `/task/${line.id}`,
    }[line.kind];
    this.announce(
      line.problem === null
        ? 'This is a draft again. Correct it and send it again.'
        : `This is a draft again. Correct it and send it again. The server said: ${line.problem.replace(' It’s saved on this phone. Tell your supervisor.', '')}`,
    );
    this.navigate(route);
  }

  private reopenButton(line: QueueLine): TemplateResult | typeof nothing {
    if (line.state !== 'blocked' || !line.canReopen) return nothing;
    return html`<button
      type="button"
      data-testid="reopen"
      ?disabled=${this.isRetrying}
      @click=${() => void this.reopen(line)}
    >
      Correct and send again<span class="quiet"> ${line.label}</span>
    </button>`;
  }

  /** What is still to be sent comes first, and what belongs to one crime stands together. */
  private groups(lines: readonly QueueLine[]): [string, QueueLine[]][] {
    const groups = new Map<string, QueueLine[]>();
    const isWaiting = (line: QueueLine): boolean => line.state !== 'received';
    const key = (line: QueueLine): string =>
      line.kind === 'encounter' ? line.group : `${line.group}/${line.crimeId}`;
    for (const line of [...lines].reverse())
      groups.set(key(line), [...(groups.get(key(line)) ?? []), line]);
    return [...groups.values()]
      .sort((a, b) => Number(b.some(isWaiting)) - Number(a.some(isWaiting)))
      .map((group) => [group[0]?.group ?? '', group]);
  }

  override render(): TemplateResult {
    const { queue, queueSummary, waiting, blocked } = this.controller.view;
    return html`
      <a class="back" href="#/">‹ Home</a>
      <h1 tabindex="-1">Waiting to send</h1>
      <p class="lead" data-testid="queue-summary">${queueSummary}.</p>
      <div class="stack">
        ${waiting + blocked > 0 ? html`<button type="button" class="wide" data-testid="retry-all" ?disabled=${this.isRetrying} @click=${() => void this.retry(null)}>${this.isRetrying ? 'Sending…' : 'Try now'}</button>` : nothing}
        ${
          queue.length === 0
            ? html`<p class="muted">
                You haven’t recorded anything on this phone in the last week. What you record stays
                here for a week after the server has received it.
              </p>`
            : html`<div class="stack" data-testid="queue">
                ${this.groups(queue).map(
                  ([title, lines]) =>
                    html`<section class="card" data-testid="queue-group">
                      <h2>${title}</h2>
                      <ul>
                        ${lines.map((line) => queueLine(line, this.reopenButton(line)))}
                      </ul>
                    </section>`,
                )}
              </div>`
        }
        ${waiting + blocked > 0 ? html`<bl-save-queue .controller=${this.controller}></bl-save-queue>` : nothing}
        <p>
          <a href="#/carry" data-testid="carry">Send a file that a colleague saved</a>
        </p>
        <p class="muted">
          We only delete something from this phone when the server has confirmed that it received
          exactly the same file. We compare their fingerprints (SHA-256).
        </p>
      </div>
    `;
  }
}
