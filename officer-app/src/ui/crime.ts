/** The crime number, in type that can be read at arm's length, and what happens next. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { canBeTexted, numberMessage, promisedMessage, trackingLink } from '../capture/crime';
import { newId } from '../capture/ids';
import { camera, find, page, pen } from './icons';
import type { CrimeDetail } from './controller';
import { qrCode } from './qr';
import { queueLine } from './queue-line';
import { Screen } from './screen';
import { taskStyles, tasksOfCrime } from './tasks';
import { base, plate } from './styles';

@customElement('bl-crime')
export class CrimeElement extends Screen {
  static override styles = [
    base,
    plate,
    taskStyles,
    css`
      .plate p:first-child {
        font-weight: 600;
        color: #cfe0f7;
      }
      .number {
        font-size: min(11.75cqi, 5.5rem);
        line-height: 1.15;
        font-weight: 750;
        letter-spacing: -0.01em;
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
        margin: 0.25rem 0;
      }
      .plate .about {
        color: #cfe0f7;
      }
      ol {
        margin: 0;
        padding-left: 1.5rem;
      }
      li + li {
        margin-top: 0.5rem;
      }
      .like {
        margin-top: 0.75rem;
      }
      .taken {
        display: block;
        width: 100%;
        max-height: 12rem;
        object-fit: contain;
        background: #000;
        border-radius: 0.5rem;
        margin-top: 0.5rem;
      }
      .later {
        font-size: 1.5rem;
        line-height: 1.25;
        margin: 0.25rem 0;
      }
      .chips.give a,
      .chips.give button {
        padding: 0.375rem 0.625rem;
      }
      .tell {
        margin-top: 0.75rem;
      }
      dt {
        font-weight: 650;
      }
      dd + dt {
        margin-top: 0.75rem;
      }
      .lines {
        list-style: none;
        padding: 0;
      }
    `,
  ];

  @state() private crime: CrimeDetail | null = null;
  @state() private hasLoaded = false;
  @state() private isQrShown = false;

  /** Object URLs of the photos that are still on this phone, by id. */
  private readonly photoUrls = new Map<string, string>();

  override disconnectedCallback(): void {
    for (const url of this.photoUrls.values()) if (url !== '') URL.revokeObjectURL(url);
    this.photoUrls.clear();
    super.disconnectedCallback();
  }

  override updated(): void {
    // The number arrived while this screen was open.
    if (
      this.crime?.number === '' &&
      this.controller.view.crimes.some(({ id, number }) => id === this.crimeId && number !== '')
    )
      void this.loadCrime();
    for (const { id, kind, crimeId } of this.controller.view.queue) {
      if (kind !== 'item' || crimeId !== this.crimeId || this.photoUrls.has(id)) continue;
      this.photoUrls.set(id, '');
      void this.controller.getPhoto(id).then((picture) => {
        if (picture === null || !this.isConnected) return;
        this.photoUrls.set(id, URL.createObjectURL(picture));
        this.requestUpdate();
      });
    }
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.open();
  }

  private async loadCrime(): Promise<void> {
    this.crime = await this.controller.getCrime(this.crimeId);
  }

  /** How to give the victim the number, where they were left without one. */
  private victimNotice(crime: CrimeDetail): TemplateResult | typeof nothing {
    const isWaiting = crime.number === '';
    if (crime.isAgainstState || !(isWaiting || crime.mustTellVictim === true)) return nothing;
    const { phone } = crime.person;
    const bare = phone.replace(/[^\d+]/g, '');
    return html`<div class="notice warn" data-testid="victim-to-tell" role="status">
      ${crime.isUnsafe === true ? html`<p><strong>${isWaiting ? 'The number comes when there’s signal.' : 'The crime number is here.'} It’s not safe to call or write to them. Tell them in person.</strong></p>` : html`<p><strong>${isWaiting ? 'The number comes when there’s signal. Call or text them then.' : 'The crime number is here. Call or text the victim.'}</strong></p>`}
      <p>
        ${crime.person.name === '' || crime.person.name === crime.victimName ? '' : `${crime.person.name}, `}${crime.victimName}${crime.isUnsafe === true ? '' : phone === '' ? ': no phone number. Give them the crime number in person.' : html`: <a data-testid="ring" href="tel:${bare}">${phone}</a>`}
      </p>
      ${
        isWaiting
          ? nothing
          : html`<div class="chips tell">
              ${phone === '' || crime.isUnsafe === true ? nothing : html`<a class="button plain" href="sms:${bare}?body=${encodeURIComponent(`Your crime number is ${crime.number}.`)}">Text the number</a>`}
              <button
                type="button"
                class="plain"
                data-testid="mark-told"
                @click=${() =>
                  void this.runWithErrors(async () => {
                    await this.controller.markVictimTold(crime.id);
                    await this.loadCrime();
                  })}
              >
                They have the number
              </button>
            </div>`
      }
    </div>`;
  }

  /** The questionnaire works without signal; a force loads its own (DASH or DARA) under its licence. */
  private riskNotice(crime: CrimeDetail): TemplateResult | typeof nothing {
    if (crime.isDomestic !== true || crime.business !== undefined) return nothing;
    const isMade = this.controller.view.queue.some(
      ({ kind, crimeId }) => kind === 'assessment' && crimeId === crime.id,
    );
    if (isMade) return nothing;
    return html`<div class="notice warn" data-testid="assess-risk">
      <p><strong>Domestic abuse: assess the risk to the victim before you leave.</strong></p>
      <p class="tell"><a class="button plain wide" href="#/risk/${crime.id}">Assess the risk</a></p>
    </div>`;
  }

  /** Ways to give the victim the number now. A message is offered only where it is safe. */
  private giveNumber(crime: CrimeDetail): TemplateResult | typeof nothing {
    if (crime.number === '' || crime.isAgainstState) return nothing;
    const link = trackingLink(this.controller.view.me?.public_url ?? location.origin, crime.number);
    const words = encodeURIComponent(numberMessage(crime.number, link));
    const { phone, email } = crime.person;
    const mayWrite = crime.isUnsafe !== true;
    return html`<section class="card" aria-labelledby="give-heading">
      <h2 id="give-heading">Give them the number</h2>
      ${mayWrite ? nothing : html`<p data-testid="unsafe-note">It’s not safe to call or write to them. Show it to them.</p>`}
      <div class="chips give">
        <button
          type="button"
          class="plain"
          data-testid="show-qr"
          aria-expanded=${this.isQrShown ? 'true' : 'false'}
          @click=${() => {
            this.isQrShown = !this.isQrShown;
          }}
        >
          ${this.isQrShown ? 'Hide the QR code' : 'Show a QR code'}
        </button>
        ${mayWrite && canBeTexted(phone) ? html`<a class="button plain" data-testid="text-number" href="sms:${phone.replace(/[^\d+]/g, '')}?body=${words}">Text it</a>` : nothing}
        ${mayWrite && email !== '' ? html`<a class="button plain" data-testid="email-number" href="mailto:${encodeURIComponent(email)}?subject=${encodeURIComponent(`Crime number ${crime.number}`)}&body=${words}">Email it</a>` : nothing}
      </div>
      ${
        this.isQrShown
          ? html`${qrCode(link, `QR code with the link to follow crime ${crime.number}`)}
              <p class="muted">
                They scan it with their phone’s camera. It opens their case page.
              </p>`
          : nothing
      }
    </section>`;
  }

  private promise(crime: CrimeDetail): TemplateResult | typeof nothing {
    const means = promisedMessage(crime);
    if (means === null) return nothing;
    return html`<li data-testid="promise">
      We’ll ${means} you this number and how to follow your case.
    </li>`;
  }

  /** What the officer recorded, folded: the number screen is turned to the victim. */
  private recorded({ recorded = [] }: CrimeDetail): TemplateResult | typeof nothing {
    if (recorded.length === 0) return nothing;
    return html`<details class="card" data-testid="recorded">
      <summary>What you recorded. For you only</summary>
      <dl>
        ${recorded.map(
          ({ label, lines }) =>
            html`<dt>${label}</dt>
              <dd>${lines.map((text) => html`<p>${text}</p>`)}</dd>`,
        )}
      </dl>
    </details>`;
  }

  private reportAnswers({ reportAnswers = [] }: CrimeDetail): TemplateResult | typeof nothing {
    if (reportAnswers.length === 0) return nothing;
    return html`<section class="card" aria-labelledby="report" data-testid="report-answers">
      <h2 id="report">What the report says</h2>
      <dl>
        ${reportAnswers.map(
          ({ label, lines }) =>
            html`<dt>${label}</dt>
              <dd>${lines.map((text) => html`<p>${text}</p>`)}</dd>`,
        )}
      </dl>
    </section>`;
  }

  private async open(): Promise<void> {
    await this.loadCrime();
    this.hasLoaded = true;
    await this.focusHeading();
  }

  override render(): TemplateResult {
    const { crime } = this;
    if (crime === null)
      return html`<h1 tabindex="-1">Crime</h1>
        <p>
          ${this.hasLoaded ? 'This crime isn’t on this phone yet. It will be here when you have signal.' : 'Opening…'}
        </p>
        <p><a class="button plain" href="#/">Home</a></p>`;
    const lines = this.controller.view.queue.filter((line) => line.crimeId === crime.id);
    return html`
      <a class="back" href="#/">‹ Home</a>
      <div class="stack">
        <div class="plate">
          <p id="number-label">Your crime number</p>
          ${
            crime.number === ''
              ? html`<h1 class="later" tabindex="-1" data-testid="number-later">
                  to follow when there’s signal
                </h1>`
              : html`<h1
                  class="number"
                  tabindex="-1"
                  data-testid="crime-number"
                  aria-describedby="number-label"
                >
                  ${crime.number}
                </h1>`
          }
          <p class="about">${crime.offence}, ${crime.place}</p>
        </div>
        ${this.victimNotice(crime)} ${this.riskNotice(crime)} ${this.giveNumber(crime)}
        <div class="row">
          <a class="button big" data-testid="take-statement" href="#/statement/${crime.id}"
            >${page}Take a statement</a
          >
          <a class="button big" data-testid="take-photo" href="#/photo/${crime.id}"
            >${camera}Photos and files</a
          >
        </div>
        <section class="card" aria-labelledby="next">
          <h2 id="next">What happens next</h2>
          <ol>
            <li>
              ${crime.number === '' ? 'We’ll give you a crime number.' : 'Keep this number.'} Use it
              when you contact us about this crime.
            </li>
            ${this.promise(crime)}
            <li>An officer will look at what we can do, and tell you what we decide and why.</li>
          </ol>
        </section>
        <p>
          <a class="button plain wide" data-testid="add-to-crime" href="#/add/${crime.id}"
            >${pen}Add, correct or hand over</a
          >
        </p>
        ${tasksOfCrime(this.controller.view.tasks, this.crimeId, this.controller.now())}
        ${this.recorded(crime)} ${this.reportAnswers(crime)}
        <section class="card" aria-labelledby="more">
          <h2 id="more">Another crime at this place</h2>
          <p class="muted">
            ${crime.number === '' ? 'We’ll fill in the place and time for you.' : 'We’ll fill in the place and time, and link it to this crime.'}
          </p>
          <p class="like">
            <a
              class="button plain wide"
              data-testid="another-here"
              href="#/record/${newId()}/like/${crime.id}"
              >${pen}Record another crime here</a
            >
          </p>
          <p class="like">
            <a
              class="button plain wide"
              data-testid="earlier-here"
              href="#/look-up/${encodeURIComponent(crime.postcode === '' ? crime.place : crime.postcode)}"
              >${find}Earlier crimes here</a
            >
          </p>
        </section>
        ${
          lines.length === 0
            ? nothing
            : html`<details class="card" data-testid="made">
                <summary>Recorded for this crime (${lines.length}). For you only</summary>
                <ul class="lines" data-testid="crime-captures">
                  ${lines.map((line) => queueLine(line, nothing, this.photoUrls.get(line.id) ?? ''))}
                </ul>
              </details>`
        }
        <p><a class="button plain wide" data-testid="done" href="#/">Done</a></p>
      </div>
    `;
  }
}
