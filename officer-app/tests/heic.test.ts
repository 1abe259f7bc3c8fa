/** The small picture in a HEIC, for browsers that can't draw one. */
import { existsSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { hevcCodec, makeHeicPreview, readHeic, toShowable } from '../src/capture/heic';

const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(values);
const u16 = (value: number): number[] => [value >> 8, value & 255];
const u32 = (value: number): number[] => [...u16(value >>> 16), ...u16(value & 65_535)];
const letters = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));
const box = (type: string, ...contents: number[][]): number[] => {
  const body = contents.flat();
  return [...u32(body.length + 8), ...letters(type), ...body];
};
const full = (version = 0, flags = 0): number[] => [version, 0, 0, flags];
const item = (id: number, type: string): number[] =>
  box('infe', full(2), u16(id), u16(0), letters(type), [0]);

const SMALL = letters('the small picture');
const CONFIG = [1, 3, 0x70, 0, 0, 0, 0xb0, 0, 0, 0, 0, 0, 60, 0];

/** A HEIC of tiles (item 1) with a small picture (item 2) of the type. */
function heic(type: string): Blob {
  const ftyp = box('ftyp', letters('heic'), u32(0), letters('mif1'));
  const meta = (offset: number): number[] =>
    box(
      'meta',
      full(),
      box('pitm', full(), u16(1)),
      box('iinf', full(), u16(2), item(1, 'grid'), item(2, type)),
      box('iref', full(), box('thmb', u16(2), u16(1), u16(1))),
      box(
        'iprp',
        box('ipco', box('hvcC', CONFIG), box('ispe', full(), u32(320), u32(240)), box('irot', [3])),
        box('ipma', full(), u32(2), u16(1), [1, 3], u16(2), [2, 0x81, 2]),
      ),
      box(
        'iloc',
        full(),
        [0x44, 0],
        u16(2),
        [...u16(1), 0, 0, ...u16(1), ...u32(0), ...u32(0)],
        [...u16(2), 0, 0, ...u16(1), ...u32(offset), ...u32(SMALL.length)],
      ),
    );
  const offset = ftyp.length + meta(0).length;
  return new Blob([bytes(...ftyp, ...meta(offset), ...SMALL)], { type: 'image/heic' });
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('a HEIC that the browser can’t draw', () => {
  it('test_it_works: shows the JPEG that is in it', async () => {
    const preview = await makeHeicPreview(heic('jpeg'));
    expect(preview?.type).toBe('image/jpeg');
    expect(await preview?.text()).toBe('the small picture');
  });

  it('has a small HEVC picture, with what the decoder needs and how it is turned', async () => {
    const { hevc } = await readHeic(heic('hvc1'));
    expect(hevc).toMatchObject({ codec: 'hvc1.3.e.L60.b0', width: 320, height: 240, turns: 3 });
    expect(await hevc?.data.text()).toBe('the small picture');
  });

  it('is decoded by the phone’s film decoder, upright', async () => {
    const drawn: unknown[] = [];
    const canvas = {
      width: 0,
      height: 0,
      getContext: () => ({
        translate: (...to: number[]) => drawn.push(to),
        rotate: (turn: number) => drawn.push(turn),
        drawImage: (...args: unknown[]) => drawn.push(args.slice(1)),
      }),
      toBlob: (done: (blob: Blob) => void) => {
        done(new Blob(['a JPEG']));
      },
    };
    vi.stubGlobal('document', { createElement: () => canvas });
    vi.stubGlobal('EncodedVideoChunk', function Chunk() {
      // Its bytes are not looked at.
    });
    class Decoder {
      static isConfigSupported = (): Promise<object> => Promise.resolve({ supported: true });
      constructor(private readonly on: { output: (frame: object) => void }) {}
      configure(): void {
        // Nothing to keep.
      }
      decode(): void {
        this.on.output({ close: () => undefined });
      }
      flush = (): Promise<void> => Promise.resolve();
      close(): void {
        // Nothing is open.
      }
    }
    vi.stubGlobal('VideoDecoder', Decoder);
    expect(await (await makeHeicPreview(heic('hvc1')))?.text()).toBe('a JPEG');
    expect([canvas.width, canvas.height]).toEqual([240, 320]);
    expect(drawn).toEqual([[120, 160], (-3 * Math.PI) / 2, [-160, -120, 320, 240]]);
    Decoder.isConfigSupported = () => Promise.resolve({ supported: false });
    expect(await makeHeicPreview(heic('hvc1'))).toBeNull();
  });

  it('is shown as it is where the browser can draw it, like any other picture', async () => {
    vi.stubGlobal('createImageBitmap', () => Promise.resolve({ close: () => undefined }));
    const file = heic('jpeg');
    expect(await toShowable(file)).toBe(file);
    vi.stubGlobal('createImageBitmap', () => Promise.reject(new Error('no')));
    expect(await (await toShowable(file))?.text()).toBe('the small picture');
    const jpeg = new Blob(['x'], { type: 'image/jpeg' });
    expect(await toShowable(jpeg)).toBe(jpeg);
  });

  it('is never an error: damaged, cut short anywhere, or of tiles alone', async () => {
    const file = heic('jpeg');
    for (let length = 0; length < file.size; length += 1)
      await makeHeicPreview(file.slice(0, length, 'image/heic'));
    expect(await makeHeicPreview(heic('av01'))).toBeNull();
    expect(await makeHeicPreview(new Blob([bytes(0, 0, 0, 9, 1)]))).toBeNull();
  });

  const IPHONE = '../../shared/data/images/heic/iphone_13_pro_max.HEIC';
  it.skipIf(!existsSync(IPHONE))('finds the small picture of a real iPhone', async () => {
    const { hevc } = await readHeic(new Blob([readFileSync(IPHONE)]));
    expect(hevc).toMatchObject({ width: 320, height: 240, turns: 3 });
  });

  it('names the decoder as browsers do', () => {
    const main = bytes(1, 0x21, 0x60, 0, 0, 0, 0x90, 0, 0, 0, 0, 0, 93);
    expect(hevcCodec(main)).toBe('hvc1.1.6.H93.90');
  });
});
