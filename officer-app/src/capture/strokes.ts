/** A drawn answer as an SVG path, the text that a form stores: a stroke is `M10 20L30 40`. */
import type { Point } from './capture';

const rounded = (value: number): string => String(Math.round(value * 10) / 10);

export function toPath(strokes: readonly (readonly Point[])[]): string {
  return strokes
    .map((stroke) =>
      stroke.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${rounded(x)} ${rounded(y)}`).join(''),
    )
    .join('');
}

/** The strokes of a path. It does not say when each point was drawn. */
export function toStrokes(path: string): Point[][] {
  return path
    .split('M')
    .filter(Boolean)
    .map((stroke) =>
      stroke.split('L').map((point) => {
        const [x = 0, y = 0] = point.split(' ').map(Number);
        return { x, y, t: 0 };
      }),
    );
}
