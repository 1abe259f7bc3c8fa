/** The notice over a form that was opened with an earlier draft, with the button that deletes the draft. */
import { html, type TemplateResult } from 'lit';

export interface RestoredNoticeOptions {
  /** Pressed once, the button asks whether the officer is sure. */
  isConfirming: boolean;
  onRestart: () => void;
  /** What the button says before it asks. */
  discardLabel?: string;
  /** A link that stands before the button. */
  link?: TemplateResult;
}

export function restoredNotice({
  isConfirming,
  onRestart,
  discardLabel = 'Start again',
  link,
}: RestoredNoticeOptions): TemplateResult {
  return html`<div class="notice" data-testid="restored">
    <p>We saved your answers. Carry on where you left off.</p>
    <div class="chips">
      ${link}
      <button type="button" class="plain" data-testid="start-again" @click=${onRestart}>
        ${isConfirming ? 'Yes, delete this draft' : discardLabel}
      </button>
    </div>
  </div>`;
}
