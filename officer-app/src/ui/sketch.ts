/** Draws a sketch plan with a finger. A `drawn` event has the picture. */
import { LitElement, css, html, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Point } from '../capture/capture';
import { drawSketch, NORTH_STEP, SKETCH_HEIGHT, SKETCH_WIDTH } from '../capture/sketch';
import { base } from './styles';

@customElement('bl-sketch')
export class SketchElement extends LitElement {
  static override styles = [
    base,
    css`
      canvas {
        display: block;
        width: 100%;
        aspect-ratio: 4 / 3;
        border: 2px solid var(--field-line);
        border-radius: 0.5rem;
        touch-action: none;
        cursor: crosshair;
      }
      .row {
        margin-top: 0.75rem;
        gap: 0.5rem;
      }
      .row > * {
        flex: 1 1 8rem;
        margin: 0;
      }
    `,
  ];

  @state() private strokes: readonly (readonly Point[])[] = [];
  @state() private north = 0;
  private drawing: Point[] | null = null;

  private canvas(): HTMLCanvasElement {
    const canvas = this.renderRoot.querySelector('canvas');
    if (canvas === null) throw new Error('The paper is not there yet.');
    return canvas;
  }

  private point(event: PointerEvent): Point {
    const box = this.canvas().getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * SKETCH_WIDTH;
    const y = ((event.clientY - box.top) / box.height) * SKETCH_HEIGHT;
    return { x: Math.round(x), y: Math.round(y), t: 0 };
  }

  private start(event: PointerEvent): void {
    if (event.button !== 0 || this.drawing !== null) return;
    event.preventDefault();
    this.canvas().setPointerCapture(event.pointerId);
    this.drawing = [this.point(event)];
    this.paint();
  }

  private move(event: PointerEvent): void {
    if (this.drawing === null) return;
    this.drawing.push(this.point(event));
    this.paint();
  }

  private end(): void {
    if (this.drawing === null) return;
    this.strokes = [...this.strokes, this.drawing];
    this.drawing = null;
  }

  override updated(): void {
    this.paint();
  }

  private paint(): void {
    const pen = this.canvas().getContext('2d');
    const strokes = this.drawing === null ? this.strokes : [...this.strokes, this.drawing];
    if (pen !== null) drawSketch(pen, { strokes, north: this.north });
  }

  private finish(): void {
    this.canvas().toBlob((picture) => {
      if (picture !== null) this.dispatchEvent(new CustomEvent<Blob>('drawn', { detail: picture }));
    }, 'image/png');
  }

  private button(name: string, words: string, isOff: boolean, press: () => void): TemplateResult {
    return html`<button
      type="button"
      class="plain"
      data-testid=${name}
      ?disabled=${isOff}
      @click=${press}
    >
      ${words}
    </button>`;
  }

  override render(): TemplateResult {
    const isEmpty = this.strokes.length === 0;
    return html`<canvas
        data-testid="sketch"
        width=${SKETCH_WIDTH}
        height=${SKETCH_HEIGHT}
        role="img"
        aria-label=${`Sketch plan, ${isEmpty ? 'empty. Draw with a finger, a pen or a mouse' : `${String(this.strokes.length)} lines`}. North is ${String(this.north)} degrees to the right of up`}
        @pointerdown=${(e: PointerEvent) => {
          this.start(e);
        }}
        @pointermove=${(e: PointerEvent) => {
          this.move(e);
        }}
        @pointerup=${() => {
          this.end();
        }}
        @pointercancel=${() => {
          this.end();
        }}
      ></canvas>
      <div class="row">
        ${this.button('sketch-undo', 'Undo last line', isEmpty, () => {
          this.strokes = this.strokes.slice(0, -1);
        })}
        ${this.button('sketch-north', 'Turn north', false, () => {
          this.north = (this.north + NORTH_STEP) % 360;
        })}
        ${this.button('sketch-keep', 'Keep this plan', isEmpty, () => {
          this.finish();
        })}
      </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'bl-sketch': SketchElement;
  }
}
