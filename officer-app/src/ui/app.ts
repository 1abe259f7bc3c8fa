/** The app's frame: the header, the signal line, the navigation, and the screen that the address names. */
import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { lamp, moon, queue } from './icons';
import type { AppController, View } from './controller';
import './too-new';
import { firstSignIn } from './first-sign-in';
import { readRoute, TITLES } from './routes';
import type { Screen } from './screen';
import { base } from './styles';
import './home';
import './look-up';
import './record';
import './addition';
import './assessment';
import './crime';
import './statement';
import './photo';
import './queue';
import './carry';
import { allowCloudDictation } from '../capture/dictation';
import { isEncounterKind } from '../capture/encounter-kinds';
import './encounter';
import './receipt';
import './task';
import './tasks';
import './device';
import './change-pin';
import './lock-setup';
import './locked';
import type { LockedApp } from './lock-types';

const SIGNALS = {
  unknown: 'Checking for signal',
  good: 'Connected',
  none: 'No signal',
  busy: 'Our server is busy',
  portal: 'Sign in to this Wi-Fi',
  'signed-out': 'Signed out',
  'device-refused': 'Phone not accepted',
} as const;
const THEME = 'bluelamp-theme';

@customElement('bl-app')
export class AppElement extends LitElement {
  static override styles = [
    base,
    css`
      header {
        background: #14213d;
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem;
        max-width: 64rem;
        margin: 0 auto;
        padding: max(0.5rem, env(safe-area-inset-top)) 1rem 0.5rem;
        color: #fff;
      }
      .home {
        display: flex;
        align-items: center;
        gap: 0.5rem;
        min-height: 3rem;
        color: #fff;
        font-weight: 700;
        font-size: 1.15rem;
        text-decoration: none;
        margin-right: auto;
      }
      .home svg {
        width: 2rem;
        height: 2rem;
      }
      header button {
        min-height: 3rem;
        min-width: 3rem;
        padding: 0.375rem 0.75rem;
        background: transparent;
        color: #fff;
        border-color: #6f83ad;
        font-weight: 600;
      }
      header button span {
        white-space: nowrap;
      }
      @media (max-width: 26rem) {
        header .queue svg {
          display: none;
        }
      }
      @media (max-width: 22rem) {
        .home span {
          position: absolute;
          width: 1px;
          height: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
      }
      header button:hover {
        background: #24365f;
      }
      header b {
        display: inline-block;
        min-width: 1.5em;
        margin-left: 0.25em;
        padding: 0 0.375em;
        border-radius: 1em;
        background: #fff;
        color: #14213d;
        font-weight: 700;
        text-align: center;
      }
      .signal {
        display: block;
        background: var(--card);
        border-bottom: 1px solid var(--line);
        color: var(--text);
        text-decoration: none;
      }
      .signal > span {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.25rem 0.625rem;
        max-width: 64rem;
        min-height: 3rem;
        margin: 0 auto;
        padding: 0.5rem 1rem;
      }
      .dot {
        width: 0.75rem;
        height: 0.75rem;
        border-radius: 50%;
        background: var(--muted);
        flex: none;
      }
      .dot.good {
        background: var(--good);
      }
      .dot.busy,
      .dot.portal,
      .dot.device-refused,
      .dot.none {
        background: transparent;
        border: 0.1875rem solid var(--warn-line);
      }
      .dot.signed-out {
        background: var(--bad);
        border-radius: 0.125rem;
      }
      .signal strong {
        font-weight: 650;
      }
      .signal .words {
        color: var(--muted);
      }
      main {
        max-width: 42rem;
        margin: 0 auto;
        padding: 1.25rem min(1rem, 4.5vw) max(3rem, env(safe-area-inset-bottom));
      }
      main.roomy {
        max-width: 64rem;
      }
      .said,
      .trouble,
      .signin {
        margin-bottom: 1.25rem;
      }
      .signin p + p {
        margin-top: 0.75rem;
      }
      .keep {
        position: sticky;
        top: 0.5rem;
        z-index: 2;
        box-shadow: 0 0.25rem 1rem rgb(0 0 0 / 0.35);
      }
    `,
  ];

  @property({ attribute: false }) controller: AppController | null = null;
  /** A locked app, until it is opened. */
  @property({ attribute: false }) locked: LockedApp | null = null;
  @property() startError = '';
  @state() private view: View | null = null;
  @state() private route: string[] = [];
  @state() private announcement = '';
  @state() private isNight = false;
  private announcementRoute = '';

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('hashchange', this.showRoute);
    const theme = localStorage.getItem(THEME);
    this.isNight =
      theme === null ? matchMedia('(prefers-color-scheme: dark)').matches : theme === 'night';
    if (theme !== null) document.documentElement.dataset['theme'] = theme;
    this.showRoute();
  }

  override disconnectedCallback(): void {
    removeEventListener('hashchange', this.showRoute);
    super.disconnectedCallback();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('locked')) this.showRoute();
    allowCloudDictation(this.controller?.view.me?.cloud_dictation === true);
    if (changed.has('controller') && this.controller !== null) {
      const { controller } = this;
      this.view = controller.view;
      controller.onOtherTabChange(() => {
        void this.renderRoot.querySelector<Screen>('[data-screen]')?.loadFromOtherTab();
      });
      controller.onChange(() => {
        this.view = controller.view;
        this.renderRoot.querySelector<Screen>('[data-screen]')?.requestUpdate();
      });
    }
  }

  private readonly showRoute = (): void => {
    this.route = readRoute(location.hash);
    const title = this.locked === null ? (TITLES[this.route[0] ?? ''] ?? 'Home') : 'App locked';
    document.title = `${title} – Bluelamp officer`;
    if (this.announcementRoute !== location.hash) this.announcement = '';
    void this.updateComplete.then(() => {
      scrollTo(0, 0);
      void this.renderRoot.querySelector<Screen>('[data-screen]')?.focusHeading();
    });
  };

  private showAnnouncement(event: CustomEvent<string>): void {
    this.announcement = event.detail;
    // The announcement stays while the screen that it leads to is open.
    setTimeout(() => {
      this.announcementRoute = location.hash;
    }, 0);
  }

  private toggleTheme(): void {
    this.isNight = !this.isNight;
    const theme = this.isNight ? 'night' : 'day';
    localStorage.setItem(THEME, theme);
    document.documentElement.dataset['theme'] = theme;
  }

  private screen(controller: AppController, officerId: string): TemplateResult {
    const [name = '', crimeId = '', third = '', copyFromId = ''] = this.route;
    const key = `${officerId}/${crimeId}`;
    if (controller.view.device.state === 'blocked')
      return html`<bl-blocked data-screen .controller=${controller}></bl-blocked>`;
    const { isSet, isRequired } = controller.view.lock;
    if (!isSet && (isRequired || name === 'lock'))
      return html`<bl-lock-setup data-screen .controller=${controller}></bl-lock-setup>`;
    switch (name) {
      case 'record':
        return html`${keyed(key, html`<bl-record data-screen .controller=${controller} .crimeId=${crimeId} .copyFromId=${copyFromId}></bl-record>`)}`;
      case 'crime':
        return html`${keyed(key, html`<bl-crime data-screen .controller=${controller} .crimeId=${crimeId}></bl-crime>`)}`;
      case 'look-up':
        return html`${keyed(key, html`<bl-look-up data-screen .controller=${controller} .crimeId=${crimeId}></bl-look-up>`)}`;
      case 'risk':
        return html`${keyed(key, html`<bl-assessment data-screen .controller=${controller} .crimeId=${crimeId}></bl-assessment>`)}`;
      case 'add':
        return html`${keyed(key, html`<bl-addition data-screen .controller=${controller} .crimeId=${crimeId}></bl-addition>`)}`;
      case 'statement':
        return html`${keyed(`${key}/${third}`, html`<bl-statement data-screen .controller=${controller} .crimeId=${crimeId} .wantedId=${third}></bl-statement>`)}`;
      case 'photo':
        return html`${keyed(key, html`<bl-photo data-screen .controller=${controller} .crimeId=${crimeId}></bl-photo>`)}`;
      case 'visit':
        return html`${keyed(key, html`<bl-visit data-screen .controller=${controller} .crimeId=${crimeId}></bl-visit>`)}`;
      case 'search':
        return html`${keyed(key, html`<bl-encounter data-screen .controller=${controller} .crimeId=${crimeId}></bl-encounter>`)}`;
      case 'encounter':
        // A new one of the kind that the address names, or the last that was not finished.
        return html`${keyed(key, html`<bl-encounter data-screen .controller=${controller} .kind=${isEncounterKind(crimeId) ? crimeId : 'stop-search'}></bl-encounter>`)}`;
      case 'correct':
        return html`${keyed(key, html`<bl-encounter data-screen .controller=${controller} .taskId=${crimeId}></bl-encounter>`)}`;
      case 'task':
        return html`${keyed(key, html`<bl-task data-screen .controller=${controller} .crimeId=${crimeId}></bl-task>`)}`;
      case 'tasks':
        return html`<bl-tasks data-screen .controller=${controller}></bl-tasks>`;
      case 'receipt':
        return html`${keyed(key, html`<bl-receipt data-screen .controller=${controller} .crimeId=${crimeId}></bl-receipt>`)}`;
      case 'change-pin':
        return html`<bl-change-pin data-screen .controller=${controller}></bl-change-pin>`;
      case 'carry':
        return html`<bl-carry data-screen .controller=${controller}></bl-carry>`;
      case 'queue':
        return html`<bl-queue data-screen .controller=${controller}></bl-queue>`;
      default:
        return html`<bl-home data-screen .controller=${controller}></bl-home>`;
    }
  }

  private signInNotice(view: View): TemplateResult | typeof nothing {
    if (view.signal !== 'signed-out' || view.me === null) return nothing;
    return html`<div class="notice warn signin" data-testid="signed-out" role="status">
      <p>
        <strong>You’ve been signed out.</strong> Nothing is lost. Your work is saved on this phone
        and we’ll send it when you sign in again.
      </p>
      <p>
        <a
          class="button"
          data-testid="sign-in"
          href="/sign-in/?next=${encodeURIComponent(`/officer/${location.hash}`)}"
          >Sign in again</a
        >
      </p>
    </div>`;
  }

  override render(): TemplateResult {
    const { view, controller } = this;
    return html`
      <header>
        <div class="bar">
          <a class="home" href="#/" data-testid="nav-home">${lamp}<span>Bluelamp</span></a>
          <button
            type="button"
            data-testid="theme-toggle"
            aria-pressed=${this.isNight ? 'true' : 'false'}
            @click=${() => {
              this.toggleTheme();
            }}
          >
            ${moon}<span class="quiet">Night theme</span>
          </button>
          <button
            type="button"
            class="queue"
            data-testid="nav-queue"
            ?hidden=${controller === null}
            @click=${() => {
              location.hash = '#/queue';
            }}
          >
            ${queue}<span
              >Queue${view !== null && view.waiting + view.blocked > 0 ? html` <b data-testid="queue-count">${view.waiting + view.blocked}</b>` : nothing}</span
            >
          </button>
        </div>
        ${
          view?.me
            ? html`<a class="signal" href="#/queue" data-testid="signal">
                  <span
                    ><span class="dot ${view.signal}"></span
                    ><strong data-testid="signal-words">${SIGNALS[view.signal]}</strong>
                    <span class="words" data-testid="queue-words">${view.queueSummary}</span></span
                  ></a
                >
                <p class="quiet" role="status" aria-live="polite">
                  ${SIGNALS[view.signal]}. ${view.queueSummary}
                </p>`
            : nothing
        }
      </header>
      <main
        id="main"
        class=${(this.route[0] ?? '') === '' ? 'roomy' : ''}
        @announce=${(e: CustomEvent<string>) => {
          this.showAnnouncement(e);
        }}
      >
        ${this.startError === '' ? nothing : html`<div class="notice bad trouble" role="alert" data-testid="trouble"><p>${this.startError}</p></div>`}
        ${view?.saveError == null ? nothing : html`<div class="notice bad trouble keep" role="alert" data-testid="save-error"><p>${view.saveError}</p></div>`}
        ${this.announcement === '' || view?.me == null ? nothing : html`<div class="notice good said" role="status" data-testid="said"><p>${this.announcement}</p></div>`}
        ${
          view === null || controller === null || !view.isReady
            ? this.locked !== null
              ? html`<bl-locked .app=${this.locked}></bl-locked>`
              : this.startError === ''
                ? html`<p class="muted">Opening…</p>`
                : nothing
            : view.me === null
              ? firstSignIn(controller, view)
              : view.isStoreTooNew
                ? html`<bl-too-new .controller=${controller}></bl-too-new>`
                : html`${this.signInNotice(view)}${this.screen(controller, view.me.id)}`
        }
      </main>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'bl-app': AppElement;
  }
}
