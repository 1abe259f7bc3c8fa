/** One file of a series on the screen: what it looks like, from how near it was taken, and its own words if it has any. */
import { css, html, nothing, type TemplateResult } from 'lit';
import type { FieldError } from '../capture/capture';
import { ownWordsField, SHOTS, type ItemForm, type Shot } from '../capture/item';
import { FAMILY_LABELS, familyOf } from '../capture/media-kind';
import { formatBytes } from '../capture/sizes';
import { formatWhen } from '../capture/times';
import { exhibitPart, type ExhibitActions } from './exhibit-part';
import { buttonsField, textField } from './fields';

export interface ShownItem {
  id: string;
  form: ItemForm;
  /** An object URL; empty where there is nothing to show. */
  url: string;
  /** The browser can't draw it: an iPhone's HEIC in most browsers. */
  cannotShow: boolean;
  isScanning?: boolean;
}

export interface ItemActions extends ExhibitActions {
  remove: () => void;
  cannotShow: () => void;
}

export const photoItemStyles = css`
  .file {
    display: grid;
    gap: 0.75rem;
  }
  .file + .file {
    border-top: 1px solid var(--line);
    padding-top: 1.25rem;
    margin-top: 1.25rem;
  }
  .file > p,
  .file > .field {
    margin: 0;
  }
  .exhibit {
    display: grid;
    gap: 0.75rem;
  }
  .exhibit > * {
    margin: 0;
  }
  .reference {
    font-size: 1.75rem;
  }
  .file .row {
    gap: 0.5rem;
  }
  .file .row > * {
    flex: 1 1 9rem;
    margin: 0;
  }
`;

/** What a browser can't show is kept whole all the same, and that is said where the picture would be. */
function preview({ url, cannotShow, form }: ShownItem, actions: ItemActions): TemplateResult {
  const family = familyOf(form.mediaType);
  if (family === 'photo' && !cannotShow && url !== '')
    return html`<div class="view">
      <img src=${url} alt="Your photo" data-testid="photo-preview" @error=${actions.cannotShow} />
    </div>`;
  if (family === 'video' && !cannotShow && url !== '')
    return html`<div class="view">
      <video
        src=${url}
        controls
        preload="metadata"
        data-testid="video-preview"
        aria-label="Your video"
        @error=${actions.cannotShow}
      ></video>
    </div>`;
  const words = {
    photo: 'This phone can’t show this kind of photo. The picture is kept whole.',
    video: 'This phone can’t show this video here. The video is kept whole.',
    sound: 'The recording is kept whole.',
    document: 'The document is kept whole.',
    file: 'The file is kept whole.',
  }[family];
  return html`<p class="hint" data-testid="photo-no-preview">${words}</p>`;
}

export function photoItem({
  item,
  index,
  count,
  errors,
  now,
  isBusy,
  isConfirming,
  canBeExhibit,
  actions,
}: {
  item: ShownItem;
  index: number;
  count: number;
  errors: readonly FieldError[];
  now: Date;
  isBusy: boolean;
  isConfirming: boolean;
  /** A photo of a visit can't. */
  canBeExhibit: boolean;
  actions: ItemActions;
}): TemplateResult {
  const { id, form } = item;
  const family = familyOf(form.mediaType);
  const label = FAMILY_LABELS[family];
  const field = ownWordsField(id);
  return html`<li class="file" data-testid="file" data-type=${form.mediaType}>
    ${preview(item, actions)}
    <p>
      <strong>${count === 1 ? label : `${String(index + 1)}. ${label}`}</strong>
      <span class="about muted"
        >${form.filename} · ${formatBytes(form.size)} ·
        ${formatWhen(new Date(form.capturedAt), now)}</span
      >
    </p>
    ${
      family === 'photo' || family === 'video'
        ? buttonsField({
            id: `shot-${id}`,
            label: `How near is number ${String(index + 1)}?`,
            errors: [],
            value: form.shot ?? '',
            choices: SHOTS,
            onPick: (shot) => {
              // Pressed again, nobody says.
              actions.change({ shot: form.shot === shot ? '' : (shot as Shot) });
            },
          })
        : nothing
    }
    ${
      form.hasOwnWords === true
        ? textField({
            id: field,
            label: `What number ${String(index + 1)} shows`,
            errors,
            value: form.description,
            maxlength: 500,
            onInput: (description) => {
              actions.change({ description });
            },
          })
        : nothing
    }
    ${canBeExhibit ? exhibitPart({ id, form, index, isScanning: item.isScanning === true, actions }) : nothing}
    <div class="row">
      ${
        count === 1 && form.hasOwnWords !== true
          ? nothing
          : html`<button
              type="button"
              class="plain"
              data-testid="own-words"
              ?disabled=${isBusy}
              @click=${() => {
                actions.change({ hasOwnWords: form.hasOwnWords !== true });
              }}
            >
              ${form.hasOwnWords === true ? 'Same words as the others' : 'Different words'}
            </button>`
      }
      <button
        type="button"
        class="plain"
        data-testid="retake"
        ?disabled=${isBusy}
        @click=${actions.remove}
      >
        ${isConfirming ? `Yes, delete this ${label.toLowerCase()}` : 'Delete'}
      </button>
    </div>
    <details>
      <summary>SHA-256</summary>
      <code data-testid="photo-hash">${form.sha256}</code>
    </details>
  </li>`;
}

/** The file that is being saved now, and which of how many that were chosen with it. */
export interface Saving {
  name: string;
  percent: number;
  at: number;
  of: number;
}

export function savingNotice(saving: Saving | null): TemplateResult | typeof nothing {
  if (saving === null) return nothing;
  const { name, percent, at, of } = saving;
  return html`<div class="notice" role="status" data-testid="saving">
    <p>
      Saving
      ${name === '' ? 'the photo' : name}${of === 1 ? '' : `, ${String(at)} of ${String(of)}`}…
    </p>
    <progress max="100" value=${percent} aria-label="Saved"></progress>
  </div>`;
}
