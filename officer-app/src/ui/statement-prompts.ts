/** A fold beside the writing of a statement: what to ask, in words that put none in a witness's mouth. */
import { css, html, nothing, type TemplateResult } from 'lit';
import type { Offence } from '../capture/offences';
import { ADVOKATE, findPointsToProve } from '../capture/statement-prompts';

export const promptStyles = css`
  .prompts {
    margin-top: 1rem;
  }
  .prompts h3 {
    margin: 1rem 0 0.25rem;
  }
  .prompts ul {
    list-style: disc;
    padding-inline-start: 1.25rem;
  }
  .prompts li,
  .prompts ul + p {
    margin-top: 0.375rem;
  }
`;

export function promptsFold(offence: string, offences: readonly Offence[]): TemplateResult {
  const group = findPointsToProve(offence, offences);
  return html`<details class="prompts" data-testid="prompts">
    <summary>What to cover</summary>
    <p class="hint">Ask open questions. Write only what they say.</p>
    ${
      group === null
        ? nothing
        : html`<h3>${group.name}: points to prove</h3>
            <ul data-testid="points-to-prove">
              ${group.points.map((point) => html`<li>${point}</li>`)}
            </ul>
            <p class="muted">${group.authority}</p>`
    }
    <h3>If they saw somebody</h3>
    <ul data-testid="advokate">
      ${ADVOKATE.map(([word, question]) => html`<li><strong>${word}.</strong> ${question}</li>`)}
    </ul>
  </details>`;
}
