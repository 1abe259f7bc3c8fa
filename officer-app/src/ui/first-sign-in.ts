/** What the app shows on a phone on which nobody is signed in. */
import { html, nothing, type TemplateResult } from 'lit';
import type { AppController, View } from './controller';
import './save-queue';

export function firstSignIn(controller: AppController, view: View): TemplateResult {
  return html`<div class="card stack" data-testid="first-sign-in">
    <h1 tabindex="-1">Sign in to start</h1>
    ${view.isSignOutPending ? html`<p data-testid="leaving">You’ve signed out on this phone. We’ll tell the server as soon as you have signal.</p>` : nothing}
    <p>
      ${
        view.signal === 'none'
          ? 'You need signal the first time you sign in, so that we can check who you are and get crime numbers. After that you can work without signal.'
          : 'When you sign in, this phone gets crime numbers and offences. Then you can work without signal.'
      }
    </p>
    ${
      view.othersWaiting === 0
        ? nothing
        : html`<p data-testid="others-waiting">
            <strong
              >${view.othersWaiting === 1 ? '1 thing waits' : `${String(view.othersWaiting)} things wait`}
              here to be sent.</strong
            >
            We’ll send them when the officer who made them signs in on this phone again.
          </p>`
    }
    <p>
      <a class="button wide big" data-testid="sign-in" href="/sign-in/?next=/officer/">Sign in</a>
    </p>
    ${view.othersWaiting === 0 ? nothing : html`<bl-save-queue .controller=${controller}></bl-save-queue>`}
  </div>`;
}
