/** A signature box. Strokes are stored in fixed units, so that turning the phone changes nothing. */
import { LitElement, css, html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Point } from '../capture/capture';
import { SIGNATURE_HEIGHT, SIGNATURE_WIDTH } from '../capture/statement';
import { base } from './styles';

@customElement('bl-signature')
export class SignatureElement extends LitElement {
  static override styles = [
    base,
    css`
      canvas {
        display: block;
        width: calc(100% + 2rem);
        margin-inline: -1rem;
        aspect-ratio: 5 / 2;
        background: #fff;
        border: 2px solid var(--field-line);
        border-radius: 0.5rem;
        touch-action: none;
        cursor: crosshair;
      }
      .under {
        display: flex;
        flex-wrap: wrap;
        gap: 0.75rem;
        margin-top: 0.75rem;
      }
      .under > * {
        flex: 1 1 8rem;
      }
    `,
  ];

  @property({ attribute: false }) strokes: Point[][] = [];
  /** Tells the boxes of one screen apart. */
  @property({ attribute: false }) name = 'signature';
  private drawing: Point[] | null = null;
  private startedAt = 0;
  private resizeObserver: ResizeObserver | null = null;

  override firstUpdated(): void {
    const canvas = this.canvas();
    this.resizeObserver = new ResizeObserver(() => {
      this.paint();
    });
    this.resizeObserver.observe(canvas);
  }

  override disconnectedCallback(): void {
    this.resizeObserver?.disconnect();
    super.disconnectedCallback();
  }

  private canvas(): HTMLCanvasElement {
    const canvas = this.renderRoot.querySelector('canvas');
    if (canvas === null) throw new Error('The signature box is not drawn yet.');
    return canvas;
  }

  private point(event: PointerEvent): Point {
    const box = this.canvas().getBoundingClientRect();
    const within = (value: number, most: number): number =>
      Math.round(Math.min(Math.max(value, 0), most) * 10) / 10;
    return {
      x: within(((event.clientX - box.left) / box.width) * SIGNATURE_WIDTH, SIGNATURE_WIDTH),
      y: within(((event.clientY - box.top) / box.height) * SIGNATURE_HEIGHT, SIGNATURE_HEIGHT),
      t: Math.max(0, Math.round(event.timeStamp - this.startedAt)),
    };
  }

  private startStroke(event: PointerEvent): void {
    if (event.button !== 0 || this.drawing !== null) return;
    event.preventDefault();
    this.canvas().setPointerCapture(event.pointerId);
    if (this.strokes.length === 0) this.startedAt = event.timeStamp;
    this.drawing = [this.point(event)];
    this.paint();
  }

  private continueStroke(event: PointerEvent): void {
    if (this.drawing === null) return;
    const before = this.drawing.at(-1);
    const point = this.point(event);
    if (before !== undefined && Math.hypot(point.x - before.x, point.y - before.y) < 1) return;
    this.drawing.push(point);
    this.paint();
  }

  private endStroke(): void {
    if (this.drawing === null) return;
    const strokes = [...this.strokes, this.drawing];
    this.drawing = null;
    this.emitStrokes(strokes);
  }

  private emitStrokes(strokes: Point[][]): void {
    this.strokes = strokes;
    this.dispatchEvent(new CustomEvent<Point[][]>('strokes', { detail: strokes }));
  }

  override updated(): void {
    this.paint();
  }

  private paint(): void {
    const canvas = this.canvas();
    const scale = globalThis.devicePixelRatio || 1;
    canvas.width = Math.max(1, Math.round(canvas.clientWidth * scale));
    canvas.height = Math.max(1, Math.round(canvas.clientHeight * scale));
    const pen = canvas.getContext('2d');
    if (pen === null) return;
    const unit = canvas.width / SIGNATURE_WIDTH;
    pen.scale(unit, unit);
    pen.strokeStyle = '#98a2b3';
    pen.lineWidth = 1.5;
    pen.beginPath();
    pen.moveTo(30, SIGNATURE_HEIGHT * 0.78);
    pen.lineTo(SIGNATURE_WIDTH - 30, SIGNATURE_HEIGHT * 0.78);
    pen.stroke();
    pen.strokeStyle = '#14213d';
    pen.fillStyle = '#14213d';
    pen.lineWidth = 3.5;
    pen.lineCap = 'round';
    pen.lineJoin = 'round';
    for (const stroke of this.drawing === null ? this.strokes : [...this.strokes, this.drawing]) {
      const [first, ...rest] = stroke;
      if (first === undefined) continue;
      pen.beginPath();
      pen.moveTo(first.x, first.y);
      for (const point of rest) pen.lineTo(point.x, point.y);
      if (rest.length === 0) pen.lineTo(first.x + 0.1, first.y);
      pen.stroke();
    }
  }

  override render(): TemplateResult {
    const isEmpty = this.strokes.length === 0;
    return html` <canvas
        data-testid=${this.name}
        role="img"
        aria-label=${isEmpty ? 'Signature box, empty. Sign with a finger, a pen or a mouse' : 'Signature box, signed'}
        @pointerdown=${(e: PointerEvent) => {
          this.startStroke(e);
        }}
        @pointermove=${(e: PointerEvent) => {
          this.continueStroke(e);
        }}
        @pointerup=${() => {
          this.endStroke();
        }}
        @pointercancel=${() => {
          this.endStroke();
        }}
      ></canvas>
      <div class="under">
        <button
          type="button"
          class="plain"
          data-testid=${`${this.name}-undo`}
          ?disabled=${isEmpty}
          @click=${() => {
            this.emitStrokes(this.strokes.slice(0, -1));
          }}
        >
          Undo last stroke
        </button>
        <button
          type="button"
          class="plain"
          data-testid=${`${this.name}-clear`}
          ?disabled=${isEmpty}
          @click=${() => {
            this.emitStrokes([]);
          }}
        >
          Clear signature
        </button>
      </div>`;
  }
}
