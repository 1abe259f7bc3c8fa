/** The bar at the bottom of a screen. */
import { css } from 'lit';

/** A form whose button stays within reach of the thumb, however far the form is scrolled. */
export const thumbBar = css`
  .give {
    margin-top: 1.25rem;
  }
  .give.near {
    position: sticky;
    bottom: 0;
    z-index: 1;
    margin-inline: calc(-1 * min(1rem, 4.5vw));
    padding: 8px min(1rem, 4.5vw) max(8px, env(safe-area-inset-bottom));
    background: var(--page);
    border-top: 1px solid var(--line);
  }
  /* With large text it would hide half the form: no higher than a finger needs. */
  .give.near .big {
    min-height: 56px;
    padding: 6px 12px;
    line-height: 1.15;
  }
  /* On its side, a phone has no room for it beside the keyboard. */
  @media (max-height: 24rem) {
    .give.near {
      position: static;
    }
  }
`;
