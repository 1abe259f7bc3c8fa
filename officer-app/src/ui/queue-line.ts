import { html, nothing, type TemplateResult } from 'lit';
import type { QueueLine } from './controller';

/** One capture in the outbox: what it is, its state, and the start of its hash. */
export function queueLine(
  line: QueueLine,
  action: TemplateResult | typeof nothing = nothing,
  picture = '',
): TemplateResult {
  return html`<li
    data-testid="capture"
    data-id=${line.id}
    data-kind=${line.kind}
    data-state=${line.state}
  >
    <p>
      <strong>${line.label}</strong
      >${line.description === '' ? nothing : html`<span class="about">${line.description}</span>`}
    </p>
    <p data-testid="capture-state">${line.stateLabel}</p>
    ${
      line.progress === null
        ? nothing
        : html`<p>
            <progress
              data-testid="progress"
              max="100"
              value=${line.progress.percent}
              aria-label=${line.label}
            ></progress>
            <span>${line.progress.label}</span>
          </p>`
    }
    ${line.since === '' || line.state === 'received' ? nothing : html`<p class="hint" data-testid="since">${line.since}</p>`}
    ${line.problem === null || line.state === 'received' ? nothing : html`<p class=${line.state === 'blocked' ? 'error-message' : 'hint'}>${line.problem}</p>`}
    ${line.clockNotice === '' ? nothing : html`<p class="hint" data-testid="clock-notice">${line.clockNotice}</p>`}
    <p class="muted">
      Made ${line.sealedAt} · SHA-256 <code data-testid="capture-hash">${line.hashStart}</code>
    </p>
    ${picture === '' ? nothing : html`<img class="taken" data-testid="taken" src=${picture} alt=${line.description} />`}
    ${action}
  </li>`;
}
