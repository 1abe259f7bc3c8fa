/** A sketch plan: strokes on paper of fixed size, with an arrow to the north, and the note that it is not to scale. */
import type { Point } from './capture';

export const SKETCH_WIDTH = 1200;
export const SKETCH_HEIGHT = 900;
/** By how much one press turns the arrow, in degrees. */
export const NORTH_STEP = 45;
export const SKETCH_WORDS = 'Sketch plan, not to scale';

/** What is drawn with: the part of a canvas's pen that this needs. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  | 'fillStyle'
  | 'strokeStyle'
  | 'lineWidth'
  | 'lineCap'
  | 'lineJoin'
  | 'font'
  | 'textAlign'
  | 'fillRect'
  | 'fillText'
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'stroke'
  | 'fill'
  | 'save'
  | 'restore'
  | 'translate'
  | 'rotate'
>;

export interface Sketch {
  strokes: readonly (readonly Point[])[];
  /** Where north is, in degrees to the right of up. */
  north: number;
}

/** Draw a plan in its fixed units. The arrow and the note are part of the picture, so that they can't be left out. */
export function drawSketch(pen: Pen, { strokes, north }: Sketch): void {
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, SKETCH_WIDTH, SKETCH_HEIGHT);
  pen.strokeStyle = '#14213d';
  pen.fillStyle = '#14213d';
  pen.lineWidth = 5;
  pen.lineCap = 'round';
  pen.lineJoin = 'round';
  for (const [first, ...rest] of strokes) {
    if (first === undefined) continue;
    pen.beginPath();
    pen.moveTo(first.x, first.y);
    for (const { x, y } of rest) pen.lineTo(x, y);
    if (rest.length === 0) pen.lineTo(first.x + 0.1, first.y);
    pen.stroke();
  }
  pen.save();
  pen.translate(SKETCH_WIDTH - 90, 100);
  pen.rotate((north * Math.PI) / 180);
  pen.beginPath();
  pen.moveTo(0, 60);
  pen.lineTo(0, -30);
  pen.stroke();
  pen.beginPath();
  pen.moveTo(0, -60);
  pen.lineTo(-20, -20);
  pen.lineTo(20, -20);
  pen.fill();
  pen.font = 'bold 36px sans-serif';
  pen.textAlign = 'center';
  pen.fillText('N', 40, 14);
  pen.restore();
  pen.font = '32px sans-serif';
  pen.textAlign = 'left';
  pen.fillText('NOT TO SCALE', 30, SKETCH_HEIGHT - 30);
}
