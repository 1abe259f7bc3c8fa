/** Choosing files that are on the phone already, several at once, and filming with its own camera. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { formatBytes } from '../capture/sizes';

/** What is offered first. What a chosen file is, its contents tell. */
const ACCEPT = 'image/*,video/*,audio/*,.heic,.heif,.pdf,.doc,.docx,.odt,.rtf,.txt,.csv,.xlsx';

export const fileChoiceStyles = css`
  .files {
    display: grid;
    gap: 0.75rem;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 14rem), 1fr));
  }
  .files p {
    position: relative;
    margin: 0;
  }
  input[type='file'] {
    position: absolute;
    width: 1px;
    height: 1px;
    min-height: 0;
    padding: 0;
    border: 0;
    opacity: 0;
  }
  label.button {
    margin: 0;
  }
  input[type='file']:focus-visible + label.button {
    outline: 3px solid var(--focus);
    outline-offset: 2px;
  }
`;

/** `room` is how many bytes the phone has room for; null where it does not say. */
export function fileChoice(
  room: number | null,
  onChange: (event: globalThis.Event) => void,
): TemplateResult {
  return html`<div class="files">
      <p>
        <input
          type="file"
          id="photo-file"
          data-testid="photo-file"
          multiple
          accept=${ACCEPT}
          @change=${onChange}
        />
        <label class="button plain wide" for="photo-file">Choose photos, videos or files</label>
      </p>
      <p>
        <input
          type="file"
          id="video-file"
          data-testid="video-file"
          accept="video/*"
          capture="environment"
          @change=${onChange}
        />
        <label class="button plain wide" for="video-file">Film with the phone’s camera</label>
      </p>
    </div>
    ${room === null ? nothing : html`<p class="hint" data-testid="room">This phone has room for ${formatBytes(room)}.</p>`}`;
}
