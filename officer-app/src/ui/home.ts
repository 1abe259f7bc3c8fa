/** Home: who is signed in, unfinished work, my crimes, and the button to record one. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { eye, find, pen } from './icons';
import { ENCOUNTER_KINDS, ENCOUNTERS } from '../capture/encounter-kinds';
import { findCrimes } from '../capture/find-crimes';
import type { CrimeSummary, DraftLine, View } from './controller';
import { textField } from './fields';
import { Screen } from './screen';
import { base } from './styles';
import { taskList, taskStyles } from './tasks';
import { visitList } from './visit';
import { thumbBar } from './thumb-bar';

const ROUTE = {
  crime: 'record',
  addition: 'add',
  assessment: 'risk',
  encounter: 'search',
  statement: 'statement',
  item: 'photo',
  task: 'task',
} as const;
const MANY_CRIMES = 4;

@customElement('bl-home')
export class HomeElement extends Screen {
  @state() private isConfirmingSignOut = false;
  @state() private searched = '';

  static override styles = [
    base,
    thumbBar,
    taskStyles,
    css`
      .find {
        margin-bottom: 0.75rem;
      }
      .columns {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 1.25rem;
      }
      @media (min-width: 50rem) {
        .columns {
          grid-template-columns: minmax(0, 5fr) minmax(0, 7fr);
          align-items: start;
          gap: 2rem;
        }
      }
      .numbers {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 0.75rem;
      }
      .numbers b {
        font-size: 2.25rem;
        line-height: 1;
        font-variant-numeric: tabular-nums;
        color: var(--link);
      }
      .crime {
        display: block;
        padding: 0.875rem 1.125rem;
        color: inherit;
        text-decoration: none;
        border-top: 1px solid var(--line);
      }
      li:first-child .crime {
        border-top: 0;
      }
      .crime:hover {
        background: var(--soft);
      }
      .crime b {
        font-variant-numeric: tabular-nums;
        color: var(--link);
        text-decoration: underline;
        text-underline-offset: 0.15em;
      }
      .crime span {
        display: block;
      }
      .crimes {
        padding: 0;
        overflow: hidden;
      }
      .empty {
        padding: 1.125rem;
      }
      .leave {
        margin-bottom: 0.75rem;
      }
      .others {
        list-style: none;
        margin: 0.5rem 0 0;
        padding: 0;
      }
      .others a,
      .drafts a {
        display: flex;
        align-items: center;
        min-height: 3rem;
        font-weight: 650;
      }
    `,
  ];

  /** Finds among the crimes on this phone, also without signal. */
  private crimeSearch(count: number): TemplateResult {
    return html`<div class="card find" role="search">
      ${textField({
        id: 'find_crime',
        label: 'Find one of my crimes',
        hint: 'Number, offence, place, name, plate or phone number',
        errors: [],
        value: this.searched,
        onInput: (searched) => {
          this.searched = searched;
        },
      })}
      <p class="quiet" role="status">
        ${this.searched.trim() === '' ? '' : `${String(count)} ${count === 1 ? 'crime' : 'crimes'} found`}
      </p>
    </div>`;
  }

  private crime(crime: CrimeSummary): TemplateResult {
    return html`<li>
      <a class="crime" data-testid="crime" data-number=${crime.number} href="#/crime/${crime.id}">
        <b>${crime.number === '' ? 'Number to follow' : crime.number}</b
        ><span>${crime.offence}, ${crime.place}</span>
        <span class="muted"
          >${crime.victimName === '' ? nothing : html`${crime.victimName} · `}${crime.recordedAt}${crime.isOnPhoneOnly ? ' · not sent yet' : ''}</span
        ></a
      >
    </li>`;
  }

  private draft(draft: DraftLine): TemplateResult {
    const { id, crimeId, kind } = draft;
    // A crime can have several statements to finish; a photo is found by its crime.
    const path = {
      crime: id,
      addition: crimeId,
      assessment: crimeId,
      encounter: id,
      statement: `${crimeId}/${id}`,
      item: encodeURIComponent(crimeId),
      task: id,
    }[kind];
    const route = `${ROUTE[kind]}/${path}`;
    return html`<li><a data-testid="draft" href="#/${route}">${draft.label}</a></li>`;
  }

  private signOut(): void {
    const { waiting, blocked, drafts } = this.controller.view;
    if (!this.isConfirmingSignOut && waiting + blocked + drafts.length > 0) {
      this.isConfirmingSignOut = true;
      return;
    }
    void this.runOnce(() => this.controller.signOut());
  }

  private signOutCard(view: View): TemplateResult {
    const kept = view.waiting + view.blocked + view.drafts.length;
    return html`<section class="card" aria-label="Sign out">
      ${this.isConfirmingSignOut ? html`<p class="leave" role="alert">${kept === 1 ? '1 item is' : `${String(kept)} items are`} not sent yet. We’ll keep ${kept === 1 ? 'it' : 'them'} locked on this phone and send ${kept === 1 ? 'it' : 'them'} when you sign in here again.</p>` : nothing}
      ${this.errorNotice()}
      <button
        type="button"
        class="plain wide"
        data-testid="sign-out"
        ?disabled=${this.isBusy}
        @click=${() => {
          this.signOut();
        }}
      >
        ${this.isConfirmingSignOut ? 'Sign out anyway' : 'Sign out'}
      </button>
    </section>`;
  }

  private lockCard(view: View): TemplateResult {
    if (!view.lock.isSet)
      return html`<section class="card" data-testid="lock-offer" aria-labelledby="lock-heading">
        <h2 id="lock-heading">Lock this app</h2>
        <p>Without a lock, somebody who copies what is on this phone could read your work.</p>
        <a class="button plain wide row-button" data-testid="set-up-lock" href="#/lock"
          >Set up the lock</a
        >
      </section>`;
    return html`<section class="card" aria-label="Lock">
      <button
        type="button"
        class="plain wide"
        data-testid="lock-now"
        ?disabled=${this.isBusy}
        @click=${() => void this.runOnce(() => this.controller.lock.lockNow())}
      >
        Lock now
      </button>
      ${
        this.controller.lock.hasPin
          ? html`<p class="row-button">
              <a href="#/change-pin" data-testid="change-pin">Change your PIN</a>
            </p>`
          : nothing
      }
    </section>`;
  }

  private updateNotice(): TemplateResult {
    return html`<div class="notice" data-testid="update-ready">
      <p><strong>A new version of this app is ready.</strong> Everything you typed stays.</p>
      <button
        type="button"
        class="plain wide"
        data-testid="apply-update"
        ?disabled=${this.isBusy}
        @click=${() => void this.runOnce(() => this.controller.applyUpdate())}
      >
        Update now
      </button>
    </div>`;
  }

  private notices(view: View): TemplateResult {
    return html`
      ${view.isUpdateReady ? this.updateNotice() : nothing}
      ${
        view.blocked > 0
          ? html`<div class="notice bad" data-testid="blocked-notice">
              <p>
                <strong
                  >${view.blocked === 1 ? 'One thing is' : `${String(view.blocked)} things are`}
                  kept on this phone</strong
                >
                because the server would not take ${view.blocked === 1 ? 'it' : 'them'}. Nothing is
                lost. Tell your supervisor. <a href="#/queue">See why</a>
              </p>
            </div>`
          : nothing
      }
      ${view.victimsToTell.map(
        ({ id, number, name, phone, isUnsafe }) =>
          html`<div class="notice warn" data-testid="number-came">
            <p>
              <strong>Tell ${name} their crime number: ${number}.</strong>
              ${isUnsafe ? 'It’s not safe to call or write to them. Tell them in person.' : `Call or text them${phone === '' ? '' : `: ${phone}`}.`}
              <a href="#/crime/${id}">Open it</a>
            </p>
          </div>`,
      )}
      ${
        view.unreadableCount === 0
          ? nothing
          : html`<div class="notice bad" data-testid="unreadable">
              <p>
                <strong
                  >${view.unreadableCount === 1 ? 'One thing' : `${String(view.unreadableCount)} things`}
                  on this phone can’t be read any more.</strong
                >
                Everything else is sent as usual. Don’t clear your browsing data. Tell your
                supervisor.
              </p>
            </div>`
      }
      ${view.othersWaiting > 0 ? html`<div class="notice"><p>${view.othersWaiting === 1 ? 'One thing' : `${String(view.othersWaiting)} things`} made by another officer wait${view.othersWaiting === 1 ? 's' : ''} on this phone until they sign in.</p></div>` : nothing}
      ${view.clockWarning === null ? nothing : html`<div class="notice warn"><p>${view.clockWarning}</p></div>`}
      ${view.isStorageAtRisk && view.waiting > 0 ? html`<div class="notice warn"><p>This phone might delete unsent work if it runs out of space. Get to a place with signal soon, and don’t clear your browsing data.</p></div>` : nothing}
    `;
  }

  private encounterLinks(): TemplateResult {
    return html`
      <a class="button plain wide" data-testid="stop-and-search" href="#/search"
        >${eye}Stop and search</a
      >
      <details class="card" data-testid="other-encounters">
        <summary>Other encounters</summary>
        <ul class="others">
          ${ENCOUNTER_KINDS.filter((kind) => kind !== 'stop-search').map(
            (kind) =>
              html`<li>
                <a data-testid=${kind} href="#/encounter/${kind}">${ENCOUNTERS[kind].title}</a>
              </li>`,
          )}
        </ul>
      </details>
      <a class="button plain wide" data-testid="look-up" href="#/look-up">${find}Look up</a>
    `;
  }

  private numbersCard(view: View): TemplateResult {
    return html`
      <section class="card" aria-label="Crime numbers on this phone">
        <p class="numbers">
          <b data-testid="numbers-left">${view.numbersLeft}</b>
          <span
            >${view.numbersLeft === 0 ? 'crime numbers left on this phone. You can still record crimes. They get their numbers when you have signal.' : `crime number${view.numbersLeft === 1 ? '' : 's'} ready to give out, with or without signal`}</span
          >
        </p>
        ${view.isNumberOfLastYear ? html`<p class="hint" data-testid="last-year">They are numbers of last year, which are good all the same. New ones come when you have signal.</p>` : nothing}
        ${view.leaseNotice === '' ? nothing : html`<p class="hint" data-testid="lease-notice">${view.leaseNotice}</p>`}
      </section>
    `;
  }

  private crimesSection(view: View): TemplateResult {
    const crimes = findCrimes(view.crimes, this.searched);
    return html`
      <section aria-labelledby="crimes-heading">
        <h2 id="crimes-heading">My crimes (${view.crimes.length})</h2>
        ${view.crimes.length < MANY_CRIMES ? nothing : this.crimeSearch(crimes.length)}
        <div class="card crimes">
          ${
            view.crimes.length === 0
              ? html`<p class="empty muted">
                  You haven’t recorded any crimes yet. They’ll appear here, newest first.
                </p>`
              : html`<ul data-testid="crimes">
                  ${crimes.map((crime) => this.crime(crime))}
                </ul>`
          }
        </div>
      </section>
    `;
  }

  override render(): TemplateResult | typeof nothing {
    const { view } = this.controller;
    if (view.me === null) return nothing;
    const { me } = view;
    // Staff of firearms licensing make visits: the server takes no crime from them.
    const recordsCrimes = me.records_crimes !== false;
    return html`
      <h1 tabindex="-1" data-testid="me">${me.rank} ${me.name}</h1>
      <p class="lead">${me.collar} · ${me.unit === '' ? '' : `${me.unit} · `}${me.force_name}</p>
      <div class="columns">
        <div class="stack">
          ${recordsCrimes ? this.encounterLinks() : nothing}
          ${view.device.state === 'not-enrolled' ? html`<bl-enrol .controller=${this.controller}></bl-enrol>` : nothing}
          ${this.notices(view)} ${taskList(view.tasks, this.controller.now())}
          ${
            view.drafts.length === 0
              ? nothing
              : html`<section class="card drafts" aria-labelledby="drafts-heading">
                  <h2 id="drafts-heading">Not finished yet (${view.drafts.length})</h2>
                  <ul>
                    ${view.drafts.map((draft) => this.draft(draft))}
                  </ul>
                </section>`
          }
          ${recordsCrimes ? this.numbersCard(view) : nothing}
        </div>
        <div class="stack">
          ${visitList(view.visits, this.controller.now())}
          ${recordsCrimes ? this.crimesSection(view) : nothing} ${this.lockCard(view)}
          ${this.signOutCard(view)}
        </div>
      </div>
      ${
        recordsCrimes
          ? html`<div class="give near">
              <a class="button wide big" data-testid="record-a-crime" href="#/record"
                >${pen}Record a crime</a
              >
            </div>`
          : nothing
      }
    `;
  }
}
