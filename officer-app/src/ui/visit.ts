/** A visit to an applicant for firearms: where it is, what to photograph, and what was taken already. */
import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { formatWhen } from '../capture/times';
import { VISIT_PROMPTS, visitKey, type VisitLine } from '../capture/visit';
import { camera } from './icons';
import { routeTo } from './routes';
import { Screen } from './screen';

/** The visits that are planned for the officer, for the home screen; nothing where there are none. */
export function visitList(
  visits: readonly VisitLine[],
  now: Date,
): TemplateResult | typeof nothing {
  if (visits.length === 0) return nothing;
  return html`<section aria-labelledby="visits-heading">
    <h2 id="visits-heading">My visits (${visits.length})</h2>
    <div class="card crimes">
      <ul data-testid="visits">
        ${visits.map(
          (visit) =>
            html`<li>
              <a class="crime" data-testid="visit" href="#${routeTo('visit', visit.reference)}">
                <b>${visit.applicant}</b>
                <span>${formatWhen(new Date(visit.planned_at), now)}, ${visit.address}</span>
                <span class="muted">${visit.reference}</span>
              </a>
            </li>`,
        )}
      </ul>
    </div>
  </section>`;
}

/** What to photograph, for the screen of a photo: one tap begins what it shows with it. */
export function visitPrompts(describe: (prompt: string) => void): TemplateResult {
  return html`<div class="chips" role="group" aria-label="What to photograph">
    ${VISIT_PROMPTS.map(
      (prompt) =>
        html`<button
          type="button"
          data-testid="visit-prompt"
          @click=${() => {
            describe(prompt);
          }}
        >
          ${prompt}
        </button>`,
    )}
  </div>`;
}

// The household is spoken to apart from the applicant: statutory guidance of 2025 (Firearms Act 1968, section 55A).
@customElement('bl-visit')
export class VisitElement extends Screen {
  override render(): TemplateResult {
    const reference = this.crimeId;
    const { visits, queue } = this.controller.view;
    const visit = visits.find((line) => line.reference === reference);
    const key = visitKey(reference);
    const photos = queue.filter(({ crimeId }) => crimeId === key);
    return html`
      <a class="back" href="#/">‹ Home</a>
      <h1 tabindex="-1">
        ${visit === undefined ? 'This visit is not on this phone' : visit.applicant}
      </h1>
      <div class="stack">
        ${
          visit === undefined
            ? nothing
            : html`<section class="card" aria-label="The visit">
                  <p>${formatWhen(new Date(visit.planned_at), this.controller.now())}</p>
                  <p>${visit.address}</p>
                  ${visit.phone === '' ? nothing : html`<p>${visit.phone}</p>`}
                  <p class="muted">Application ${reference}</p>
                </section>
                <section class="card" aria-labelledby="prompts-heading">
                  <h2 id="prompts-heading">What to photograph</h2>
                  <ul>
                    ${VISIT_PROMPTS.map((prompt) => html`<li>${prompt}</li>`)}
                  </ul>
                  <p class="hint">Say with each photo what you found.</p>
                  <p class="hint">
                    Speak to a partner and others who live there apart from the applicant.
                  </p>
                </section>
                <a
                  class="button wide big row-button"
                  data-testid="visit-photo"
                  href="#${routeTo('photo', key)}"
                  >${camera}Take a photo</a
                >`
        }
        ${
          photos.length === 0
            ? nothing
            : html`<section class="card" aria-labelledby="photos-heading">
                <h2 id="photos-heading">Photos on this phone (${photos.length})</h2>
                <ul data-testid="visit-photos">
                  ${photos.map(
                    ({ description, stateLabel, problem }) =>
                      html`<li>
                        ${description}<br /><span class="muted">${stateLabel}</span>
                        ${problem === null ? nothing : html`<br />${problem}`}
                      </li>`,
                  )}
                </ul>
              </section>`
        }
      </div>
    `;
  }
}
