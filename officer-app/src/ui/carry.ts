/** Sends the file of a colleague whose phone can't: this phone only carries it. */
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { formatBytes } from '../capture/sizes';
import type { CarriedQueue } from '../outbox/saved-queue';
import { fileChoiceStyles } from './file-choice';
import { Screen } from './screen';
import { base } from './styles';

function things(count: number): string {
  return count === 1 ? '1 thing' : `${String(count)} things`;
}

/** What became of the file, in a heading and a sentence. */
function outcome({ state, message, total, received, refused }: CarriedQueue): [string, string] {
  if (state === 'refused') return ['We can’t take this file', message];
  if (state === 'waiting')
    return [
      `The crime desk has the file`,
      `${things(total)} in it. ${message} You don’t have to do anything else.`,
    ];
  if (state === 'done' && refused > 0)
    return [
      `${things(received)} received, ${String(refused)} not accepted`,
      'The crime desk sees why. What was not accepted is still on your colleague’s phone.',
    ];
  if (state === 'done')
    return [
      `${things(received)} received`,
      'Your colleague’s phone drops them when it next has signal. You can delete the file.',
    ];
  return [
    'Our server has the file',
    `${things(total)} in it. We’re bringing them in now. You don’t have to wait.`,
  ];
}

@customElement('bl-carry')
export class CarryElement extends Screen {
  static override styles = [base, fileChoiceStyles];

  @state() private carried: CarriedQueue | null = null;
  @state() private progress: { sent: number; size: number } | null = null;

  private async send(event: Event): Promise<void> {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    if (file === undefined) return;
    this.carried = null;
    await this.runOnce(async () => {
      this.progress = { sent: 0, size: file.size };
      this.carried = await this.controller.phoneFiles.carry(file, (sent) => {
        this.progress = { sent, size: file.size };
      });
    });
    this.progress = null;
    // So that the same file can be chosen again.
    input.value = '';
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('[role="status"]')?.focus();
  }

  private result(carried: CarriedQueue): TemplateResult {
    const [title, words] = outcome(carried);
    const isGood = carried.state !== 'refused' && carried.refused === 0;
    return html`<div
      class="notice stack ${isGood ? 'good' : 'bad'}"
      role="status"
      tabindex="-1"
      data-testid="carried"
      data-state=${carried.state}
    >
      <p><strong>${title}.</strong> ${words}</p>
    </div>`;
  }

  override render(): TemplateResult {
    const { progress, carried } = this;
    const percent =
      progress === null ? 0 : Math.floor((100 * progress.sent) / Math.max(1, progress.size));
    return html`
      <a class="back" href="#/queue">‹ Waiting to send</a>
      <h1 tabindex="-1">Send a colleague’s file</h1>
      <div class="stack">
        <p>
          Your colleague saved what waits on their phone to a file. Choose it here, and your phone
          sends it. You can’t see what is in it. It goes on record as theirs, and that you sent it.
        </p>
        ${carried === null ? nothing : this.result(carried)} ${this.errorNotice()}
        ${
          progress === null
            ? nothing
            : html`<p data-testid="carry-progress">
                <progress max="100" value=${percent} aria-label="Sending the file"></progress>
                <span
                  >${String(percent)}% sent, ${formatBytes(progress.sent)} of
                  ${formatBytes(progress.size)}. Keep this page open.</span
                >
              </p>`
        }
        <div class=${progress === null ? 'files' : 'quiet'} ?hidden=${progress !== null}>
          <p>
            <input
              id="queue-file"
              type="file"
              data-testid="queue-file"
              ?disabled=${this.isBusy}
              @change=${(e: Event) => void this.send(e)}
            />
            <label class="button wide" for="queue-file">Choose the file</label>
          </p>
        </div>
      </div>
    `;
  }
}
