/** The style sheet of every screen: big targets, and the colours of app.css. */
import { css } from 'lit';

export const base = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  /* The page's policy takes no style attributes. Black on white at night too, or no camera reads it. */
  .qr {
    display: block;
    width: min(100%, 18rem);
    margin: 0.75rem auto 0;
    background: #fff;
  }
  :host {
    display: block;
    color: var(--text);
    line-height: 1.45;
    overflow-wrap: anywhere;
  }
  h1,
  h2,
  h3,
  p,
  ul,
  dl,
  dd,
  fieldset,
  legend {
    margin: 0;
    padding: 0;
  }
  h1 {
    font-size: 1.75rem;
    line-height: 1.2;
    letter-spacing: -0.01em;
    margin-bottom: 0.25rem;
  }
  h1:focus {
    outline: none;
  }
  h1 + .card,
  h1 + .stack {
    margin-top: 1rem;
  }
  h2 {
    font-size: 1.2rem;
    line-height: 1.3;
    margin-bottom: 0.75rem;
  }
  ul {
    list-style: none;
  }
  a {
    color: var(--link);
    text-underline-offset: 0.15em;
  }
  .lead {
    color: var(--muted);
    margin-bottom: 1.25rem;
  }
  .muted {
    color: var(--muted);
  }
  .stack > * + * {
    margin-top: 1.25rem;
  }
  .card {
    background: var(--card);
    border: 1px solid var(--line);
    border-radius: 0.75rem;
    padding: min(1.125rem, 5vw);
  }
  :focus-visible {
    outline: 3px solid var(--focus);
    outline-offset: 2px;
    border-radius: 0.375rem;
  }

  button,
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.625rem;
    min-height: 3.25rem;
    padding: 0.625rem 1.25rem;
    border: 2px solid transparent;
    border-radius: 0.625rem;
    background: var(--action);
    color: var(--on-action);
    font: inherit;
    font-weight: 650;
    text-decoration: none;
    text-align: center;
    cursor: pointer;
    touch-action: manipulation;
    hyphens: auto;
  }
  button:hover,
  .button:hover {
    background: var(--action-hover);
  }
  button.plain,
  .button.plain {
    background: var(--card);
    color: var(--link);
    border-color: var(--field-line);
  }
  button.plain:hover,
  .button.plain:hover {
    background: var(--soft);
  }
  button.wide,
  .button.wide {
    width: 100%;
  }
  button.big,
  .button.big {
    min-height: 4.25rem;
    font-size: 1.2rem;
  }
  button[hidden] {
    display: none;
  }
  button[disabled] {
    opacity: 0.6;
    cursor: default;
  }
  button svg,
  .button svg {
    width: 1.5rem;
    height: 1.5rem;
    flex: none;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 0.75rem;
  }
  .row > * {
    flex: 1 1 12rem;
  }

  .chips {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 8rem), 1fr));
    gap: 0.5rem;
    margin-top: 0.75rem;
  }
  .chips button {
    min-height: 3.25rem;
    padding: 0.375rem 0.625rem;
    font-weight: 600;
    font-size: 1rem;
    line-height: 1.25;
  }
  .chips button[aria-pressed='true'] {
    background: var(--soft);
    border-color: var(--link);
  }
  button.small {
    margin-top: 0.5rem;
  }
  .small + .field {
    margin-top: 1.25rem;
  }

  bl-questions,
  bl-place-field {
    display: block;
  }
  .place {
    margin-top: 0.75rem;
  }
  .kinds {
    display: flex;
    flex-wrap: wrap;
  }
  .kinds button {
    flex: 1 1 auto;
    padding: 0.375rem 0.125rem;
    overflow-wrap: normal;
  }
  .row-button {
    margin-top: 1.25rem;
  }
  .field + .field,
  .field + .pair,
  .pair + .field,
  .pair + .pair {
    margin-top: 1.25rem;
  }
  .pair {
    display: grid;
    gap: 1.25rem;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 13rem), 1fr));
  }
  .pair > .field + .field {
    margin-top: 0;
  }
  .pair > .field {
    display: flex;
    flex-direction: column;
  }
  .pair > .field > input {
    margin-top: auto;
  }
  label,
  legend {
    display: block;
    font-weight: 650;
    margin-bottom: 0.25rem;
  }
  .hint {
    color: var(--muted);
    font-size: 0.95rem;
    margin-bottom: 0.375rem;
  }
  .error-message {
    color: var(--bad);
    font-weight: 650;
    margin-bottom: 0.375rem;
  }
  .field.wrong {
    border-left: 0.25rem solid var(--bad);
    padding-left: 0.75rem;
  }
  input,
  select,
  textarea {
    width: 100%;
    min-height: 3.25rem;
    padding: 0.625rem 0.75rem;
    border: 2px solid var(--field-line);
    border-radius: 0.5rem;
    background: var(--field);
    color: var(--text);
    font: inherit;
  }
  textarea {
    min-height: 8rem;
    resize: vertical;
    line-height: 1.5;
    field-sizing: content;
  }
  textarea.tall {
    min-height: 16rem;
  }
  input[readonly],
  textarea[readonly] {
    background: var(--soft);
    border-style: dashed;
  }
  .wrong > input,
  .wrong > select,
  .wrong > textarea {
    border-color: var(--bad);
  }
  fieldset {
    border: 0;
    min-width: 0;
  }
  .choices {
    display: grid;
    gap: 0.5rem;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 9rem), 1fr));
  }
  .choices.many {
    grid-template-columns: 1fr;
  }
  @media (min-width: 40rem) {
    .choices.many {
      grid-template-columns: repeat(3, 1fr);
    }
  }
  .choice {
    display: flex;
    align-items: center;
    gap: min(0.75rem, 3vw);
    min-height: 3.25rem;
    padding: 0.5rem min(0.875rem, 3.5vw);
    margin: 0;
    font-weight: 500;
    border: 2px solid var(--field-line);
    border-radius: 0.5rem;
    background: var(--field);
    cursor: pointer;
  }
  .choice:has(input:checked) {
    border-color: var(--link);
    background: var(--soft);
  }
  .choice:has(input:focus-visible) {
    outline: 3px solid var(--focus);
    outline-offset: 2px;
  }
  .choice input {
    width: 1.5rem;
    height: 1.5rem;
    min-height: 0;
    flex: none;
    margin: 0;
    accent-color: var(--link);
    outline: none;
  }
  details > summary {
    min-height: 3rem;
    display: flex;
    align-items: center;
    color: var(--link);
    font-weight: 650;
    cursor: pointer;
  }
  details > summary::before {
    content: '+';
    flex: none;
    width: 1.5rem;
    font-size: 1.35rem;
  }
  details[open] > summary::before {
    content: '–';
  }

  .notice {
    border-left: 0.375rem solid var(--link);
    background: var(--card);
    border-radius: 0.5rem;
    padding: 0.875rem 1rem;
  }
  .notice.bad {
    border-color: var(--bad);
  }
  .notice.warn {
    border-color: var(--warn-line);
    background: var(--warn);
    color: var(--on-warn);
  }
  .notice.good {
    border-color: var(--good);
  }
  .notice.warn a:not(.button) {
    color: inherit;
    font-weight: 650;
  }
  .notice ul {
    margin-top: 0.25rem;
  }
  .notice li a {
    display: inline-block;
    padding: 0.5rem 0;
    color: var(--bad);
    font-weight: 650;
  }
  .about {
    display: block;
    overflow-wrap: anywhere;
  }
  .back {
    display: inline-flex;
    align-items: center;
    min-height: 3rem;
    font-weight: 600;
    margin-bottom: 0.25rem;
  }
  code {
    font-family: ui-monospace, 'SFMono-Regular', Menlo, Consolas, monospace;
    font-size: 0.95em;
  }
  .quiet {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

/** The dark plate that shows a number in type that can be read at arm's length. */
export const plate = css`
  .plate {
    container-type: inline-size;
    background: #14213d;
    color: #fff;
    border: 1px solid #3b5184;
    border-radius: 1rem;
    padding: 1.5rem 0.5rem;
    text-align: center;
  }
`;
