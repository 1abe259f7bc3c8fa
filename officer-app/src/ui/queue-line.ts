import { html, nothing, type TemplateResult } from 'lit';
import type { QueueLine } from './pocket-book';

/** One capture: what it is, where it stands in words, and the start of its hash. */
export function queueLine(line: QueueLine, action: TemplateResult | typeof nothing = nothing, picture = ''): TemplateResult {
  return html`<li data-testid="capture" data-id=${line.id} data-kind=${line.kind} data-state=${line.state}>
    <p><strong>${line.label}</strong>${line.about === '' ? nothing : html`<span class="about">${line.about}</span>`}</p>
    <p data-testid="capture-state">${line.stateWords}</p>
    ${line.problem === null || line.state === 'received' ? nothing : html`<p class=${line.state === 'held' ? 'mend' : 'hint'}>${line.problem}</p>`}
    <p class="muted">Made ${line.sealedAt} · SHA-256 <code data-testid="capture-hash">${line.hashStart}</code></p>
    ${picture === '' ? nothing : html`<img class="taken" data-testid="taken" src=${picture} alt=${line.about} />`}
    ${action}
  </li>`;
}
