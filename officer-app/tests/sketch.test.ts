/** A sketch plan always says that it is not to scale, and where north is. */
import { describe, expect, it } from 'vitest';
import { drawSketch, type Pen } from '../src/capture/sketch';

function record(north: number, strokes: { x: number; y: number; t: number }[][]): string[] {
  const done: string[] = [];
  const pen = new Proxy(
    {},
    {
      get:
        (_, name) =>
        (...args: unknown[]) =>
          done.push(`${String(name)} ${args.join(' ')}`),
      set: () => true,
    },
  ) as Pen;
  drawSketch(pen, { strokes, north });
  return done;
}

describe('a sketch plan', () => {
  it('test_it_works: has its lines, the note and an arrow that points to the north', () => {
    const done = record(90, [
      [
        { x: 1, y: 2, t: 0 },
        { x: 3, y: 4, t: 0 },
      ],
    ]);
    expect(done).toContain('moveTo 1 2');
    expect(done).toContain('lineTo 3 4');
    expect(done).toContain(`rotate ${String(Math.PI / 2)}`);
    expect(done).toContain('fillText NOT TO SCALE 30 870');
  });

  it('shows a dot where the finger only touched', () => {
    expect(record(0, [[{ x: 1, y: 2, t: 0 }], []])).toContain('lineTo 1.1 2');
  });
});
