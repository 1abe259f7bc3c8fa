/** The live camera with its shutter. Each picture is a `taken` event; a camera that did not open, a `no-camera` one. */
import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { closeCamera, openCamera, takePhoto } from '../capture/devices';
import { camera } from './icons';
import { photoView } from './photo-view';
import { base } from './styles';

@customElement('bl-live-camera')
export class LiveCameraElement extends LitElement {
  static override styles = [
    base,
    photoView,
    css`
      video[hidden] {
        display: none;
      }
      .shutter {
        width: 5.5rem;
        height: 5.5rem;
        border-radius: 50%;
        padding: 0;
        background: #fff;
        border: 0.375rem solid var(--action);
        box-shadow: inset 0 0 0 0.25rem #fff;
        margin: 1.25rem auto 0;
        display: flex;
        color: #14213d;
      }
      .shutter:hover {
        background: #dfeafa;
      }
      .shutter svg {
        width: 2.25rem;
        height: 2.25rem;
      }
    `,
  ];

  /** A picture is being saved. */
  @property({ type: Boolean }) isSaving = false;
  @state() private stream: MediaStream | null = null;
  @state() private hasFailed = false;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.start();
  }

  override disconnectedCallback(): void {
    if (this.stream !== null) closeCamera(this.stream);
    this.stream = null;
    super.disconnectedCallback();
  }

  private async start(): Promise<void> {
    try {
      const stream = await openCamera();
      // The officer may have left this screen while the browser asked for permission.
      if (this.isConnected) this.stream = stream;
      else closeCamera(stream);
    } catch (error) {
      this.hasFailed = true;
      this.dispatchEvent(
        new CustomEvent<string>('no-camera', {
          detail: error instanceof Error ? error.message : 'The camera did not open.',
        }),
      );
    }
  }

  override updated(changed: PropertyValues): void {
    super.updated(changed);
    const video = this.renderRoot.querySelector('video');
    if (video !== null && video.srcObject !== this.stream) video.srcObject = this.stream;
  }

  private take(): void {
    const video = this.renderRoot.querySelector('video');
    const { stream } = this;
    if (stream === null || video === null || this.isSaving) return;
    this.dispatchEvent(
      new CustomEvent<Promise<Blob>>('taken', { detail: takePhoto(stream, video) }),
    );
  }

  override render(): TemplateResult {
    const { stream, isSaving } = this;
    return html`
      <div class="view">
        ${stream === null ? html`<p>${this.hasFailed ? 'No live camera' : 'Opening the camera…'}</p>` : nothing}
        <video
          ?hidden=${stream === null}
          autoplay
          playsinline
          muted
          aria-label="Live view from the camera"
          data-testid="camera"
        ></video>
      </div>
      ${
        stream === null
          ? nothing
          : html`<button
              type="button"
              class="shutter"
              data-testid="shutter"
              ?disabled=${isSaving}
              @click=${() => {
                this.take();
              }}
            >
              ${camera}<span class="quiet">Take the photo</span>
            </button>`
      }
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'bl-live-camera': LiveCameraElement;
  }
}
