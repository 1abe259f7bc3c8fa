import { css } from 'lit';

/** The dark frame in which a picture is shown. */
export const photoView = css`
  .view {
    background: #000;
    border-radius: 0.75rem;
    overflow: hidden;
    position: relative;
    aspect-ratio: 4 / 3;
    display: grid;
    place-items: center;
    color: #fff;
  }
  .view video,
  .view img {
    width: 100%;
    height: 100%;
    object-fit: contain;
    display: block;
  }
`;
