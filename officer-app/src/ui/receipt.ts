/** An encounter that was saved: its reference, in type that can be read at arm's length; of a search, how to get a copy. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { copyLink, encounterReference } from '../capture/encounter';
import { ENCOUNTERS } from '../capture/encounter-kinds';
import type { QueueLine } from './controller';
import { qrCode } from './qr';
import { queueLine } from './queue-line';
import { Screen } from './screen';
import { base, plate } from './styles';

@customElement('bl-receipt')
export class ReceiptElement extends Screen {
  static override styles = [
    base,
    plate,
    css`
      .plate p {
        font-weight: 600;
        color: #cfe0f7;
      }
      .reference {
        font-size: min(8.5cqi, 4rem);
        line-height: 1.15;
        font-weight: 750;
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
        margin: 0.25rem 0;
      }
      p + p {
        margin-top: 0.75rem;
      }
      .lines {
        list-style: none;
        padding: 0;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.focusHeading();
  }

  /** Sent by the server, once it has the record: so also from a cellar. */
  private sentLink({ receiptMeans, state }: QueueLine): TemplateResult | typeof nothing {
    if (receiptMeans === null || state === 'blocked') return nothing;
    const verb = receiptMeans === 'text' ? 'text' : 'email';
    return html`<p data-testid="link-sent">
      ${
        state === 'received'
          ? `We ${verb} you the link now.`
          : `We’ll ${verb} you the link when this phone has signal.`
      }
      We use your ${receiptMeans === 'text' ? 'number' : 'address'} for nothing else, and delete it
      after the three months.
    </p>`;
  }

  /** The link is promised only where it will work: not for what the server would not take. */
  private copyCode(line: QueueLine): TemplateResult | typeof nothing {
    if (line.copySecret === '' || line.state === 'blocked') return nothing;
    const publicUrl = this.controller.view.me?.public_url ?? location.origin;
    return html`${qrCode(copyLink(publicUrl, line.copySecret), 'QR code with the link to this record')}
      <p class="muted" data-testid="copy-code">
        ${
          line.state === 'received'
            ? 'They scan it with their phone’s camera to read the record now, or until that day.'
            : 'They scan it with their phone’s camera. The record is there once this phone has signal and has sent it.'
        }
      </p>`;
  }

  override render(): TemplateResult {
    const line = this.controller.view.queue.find(({ id }) => id === this.crimeId);
    const kind = line?.encounter ?? 'stop-search';
    return html`
      <a class="back" href="#/">‹ Home</a>
      <div class="stack">
        <div class="plate">
          <p id="reference-label">${ENCOUNTERS[kind].title} reference</p>
          <h1
            class="reference"
            tabindex="-1"
            data-testid="reference"
            aria-describedby="reference-label"
          >
            ${encounterReference(this.crimeId, kind)}
          </h1>
        </div>
        ${
          kind === 'stop-search' || (line !== undefined && line.copySecret !== '')
            ? html`<section class="card" aria-labelledby="copy" data-testid="receipt">
                <h2 id="copy">Tell the person</h2>
                <p>
                  You can have a copy of this record. Ask at a police station and give this
                  reference.
                </p>
                ${
                  line === undefined
                    ? nothing
                    : html`<p>${line.description}.</p>
                        ${this.sentLink(line)} ${this.copyCode(line)}`
                }
              </section>`
            : nothing
        }
        ${
          line === undefined
            ? nothing
            : html`<section class="card" aria-label="For you only">
                <ul class="lines">
                  ${queueLine(line)}
                </ul>
              </section>`
        }
        <p><a class="button plain wide" data-testid="done" href="#/">Done</a></p>
      </div>
    `;
  }
}
