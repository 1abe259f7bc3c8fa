/** Reads the barcode of a bag's seal with the camera, where the browser can. A `seal` event has what it says. */
import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { closeCamera, openCamera } from '../capture/devices';
import { photoView } from './photo-view';
import { base } from './styles';

interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}

const LOOK_EVERY_MS = 250;
const MAX_SEAL = 40;

function detectorClass(): (new () => Detector) | undefined {
  return (globalThis as { BarcodeDetector?: new () => Detector }).BarcodeDetector;
}

export function canScanBarcodes(): boolean {
  return detectorClass() !== undefined;
}

/** What a barcode says, as a seal number; empty for what can't be one. */
export function toSealNumber(rawValue: string): string {
  const text = rawValue.trim();
  return /^[\x20-\x7e]+$/.test(text) && text.length <= MAX_SEAL ? text : '';
}

@customElement('bl-seal-scanner')
export class SealScannerElement extends LitElement {
  static override styles = [base, photoView];

  @state() private message = 'Opening the camera…';
  private stream: MediaStream | null = null;
  private timer = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.start();
  }

  override disconnectedCallback(): void {
    clearTimeout(this.timer);
    if (this.stream !== null) closeCamera(this.stream);
    this.stream = null;
    super.disconnectedCallback();
  }

  private async start(): Promise<void> {
    try {
      const stream = await openCamera();
      if (!this.isConnected) {
        closeCamera(stream);
        return;
      }
      this.stream = stream;
      await this.updateComplete;
      const video = this.renderRoot.querySelector('video');
      const Detecting = detectorClass();
      if (video === null || Detecting === undefined) return;
      video.srcObject = stream;
      this.message = 'Hold the barcode of the seal in front of the camera';
      this.look(video, new Detecting());
    } catch (error) {
      this.message = error instanceof Error ? error.message : 'The camera did not open.';
    }
  }

  private look(video: HTMLVideoElement, detector: Detector): void {
    this.timer = window.setTimeout(() => {
      void detector
        .detect(video)
        .catch(() => [])
        .then((found) => {
          const seal = found.map(({ rawValue }) => toSealNumber(rawValue)).find(Boolean);
          if (!this.isConnected) return;
          if (seal === undefined) this.look(video, detector);
          else this.dispatchEvent(new CustomEvent<string>('seal', { detail: seal }));
        });
    }, LOOK_EVERY_MS);
  }

  override render(): TemplateResult {
    return html`<div class="view">
        <video autoplay playsinline muted aria-label="Camera for the barcode"></video>
      </div>
      ${this.message === '' ? nothing : html`<p class="hint" role="status">${this.message}</p>`}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'bl-seal-scanner': SealScannerElement;
  }
}
