/**
 * A picture of an iPhone's HEIC for browsers that can't draw one. Its own small picture is read from its boxes (ISO/IEC
 * 14496-12, 23008-12): a JPEG as it is, and an HEVC picture by the phone's own film decoder, where the browser has that.
 * The original is never changed.
 */

/** What stands before the pictures, and is looked through: pictures of phones keep their boxes in the first kilobytes. */
const META_BYTES = 1_000_000;
const LARGEST_PREVIEW = 20_000_000;
/** The largest file that is read as a whole to be looked at, in bytes. */
export const LARGEST_SHOWN = 64_000_000;

interface Box {
  type: string;
  /** Its contents, without size and type. */
  view: DataView<ArrayBuffer>;
}

interface Item {
  id: number;
  type: string;
  parts: { offset: number; length: number }[];
}

/** A small HEVC picture, and what a decoder has to know of it. */
interface HevcPicture {
  codec: string;
  config: Uint8Array<ArrayBuffer>;
  data: Blob;
  width: number;
  height: number;
  /** Quarter turns to the left. */
  turns: number;
}

export interface HeicParts {
  jpeg: Blob | null;
  hevc: HevcPicture | null;
}

function text(view: DataView, at: number, length: number): string {
  return String.fromCharCode(
    ...new Uint8Array(view.buffer, view.byteOffset + at, Math.max(0, length)),
  );
}

function boxesOf(view: DataView<ArrayBuffer>, from = 0): Box[] {
  const boxes: Box[] = [];
  let at = from;
  while (at + 8 <= view.byteLength) {
    const is64 = view.getUint32(at) === 1;
    const size = is64 ? Number(view.getBigUint64(at + 8)) : view.getUint32(at);
    const head = is64 ? 16 : 8;
    const end = size === 0 ? view.byteLength : Math.min(at + size, view.byteLength);
    if (end < at + head) break;
    boxes.push({
      type: text(view, at + 4, 4),
      view: new DataView(view.buffer, view.byteOffset + at + head, end - at - head),
    });
    at = end;
  }
  return boxes;
}

function find(boxes: readonly Box[], type: string): DataView<ArrayBuffer> | null {
  return boxes.find((box) => box.type === type)?.view ?? null;
}

/** The types of the items by their ids (`iinf`). */
function readTypes(iinf: DataView<ArrayBuffer>): Map<number, string> {
  const types = new Map<number, string>();
  for (const { type, view } of boxesOf(iinf, iinf.getUint8(0) === 0 ? 6 : 8)) {
    if (type !== 'infe') continue;
    const isLong = view.getUint8(0) === 3;
    types.set(isLong ? view.getUint32(4) : view.getUint16(4), text(view, isLong ? 10 : 8, 4));
  }
  return types;
}

/** Where the items' bytes are in the file (`iloc`). Those that are elsewhere are left out. */
function readItems(iloc: DataView<ArrayBuffer>, types: ReadonlyMap<number, string>): Item[] {
  const version = iloc.getUint8(0);
  const sizes = iloc.getUint16(4);
  let at = 6;
  const read = (bytes: number): number => {
    const from = at;
    at += bytes;
    if (bytes === 8) return Number(iloc.getBigUint64(from));
    return bytes === 4 ? iloc.getUint32(from) : bytes === 2 ? iloc.getUint16(from) : 0;
  };
  const idBytes = version < 2 ? 2 : 4;
  const items: Item[] = [];
  for (let left = read(idBytes); left > 0; left -= 1) {
    const id = read(idBytes);
    const method = version === 0 ? 0 : read(2) & 15;
    read(2);
    const base = read((sizes >> 4) & 15);
    const parts = [];
    for (let count = read(2); count > 0; count -= 1) {
      if (version > 0) read(sizes & 15);
      const offset = read(sizes >> 12);
      parts.push({ offset: base + offset, length: read((sizes >> 8) & 15) });
    }
    if (method === 0) items.push({ id, type: types.get(id) ?? '', parts });
  }
  return items;
}

/** The properties of an item (`iprp`), such as its decoder's configuration and how it is turned. */
function readProperties(iprp: DataView<ArrayBuffer>, id: number): Box[] {
  const boxes = boxesOf(iprp);
  const all = boxesOf(find(boxes, 'ipco') ?? new DataView(new ArrayBuffer(0)));
  const ipma = find(boxes, 'ipma');
  if (ipma === null) return [];
  const isLongId = ipma.getUint8(0) > 0;
  const isLongIndex = (ipma.getUint8(3) & 1) === 1;
  let at = 8;
  for (let left = ipma.getUint32(4); left > 0; left -= 1) {
    const of = isLongId ? ipma.getUint32(at) : ipma.getUint16(at);
    at += isLongId ? 4 : 2;
    const count = ipma.getUint8(at);
    at += 1;
    const own: Box[] = [];
    for (let i = 0; i < count; i += 1) {
      const index = isLongIndex ? ipma.getUint16(at) & 0x7fff : ipma.getUint8(at) & 0x7f;
      at += isLongIndex ? 2 : 1;
      const box = all[index - 1];
      if (box !== undefined) own.push(box);
    }
    if (of === id) return own;
  }
  return [];
}

/** The ids of the small pictures of others (`iref`, `thmb`). */
function readThumbnails(iref: DataView<ArrayBuffer> | null): number[] {
  if (iref === null) return [];
  const isLong = iref.getUint8(0) > 0;
  return boxesOf(iref, 4)
    .filter(({ type }) => type === 'thmb')
    .map(({ view }) => (isLong ? view.getUint32(0) : view.getUint16(0)));
}

/** The name of a decoder's configuration, as browsers want it (ISO/IEC 14496-15, annex E). */
export function hevcCodec(config: Uint8Array): string {
  const byte = (i: number): number => config[i] ?? 0;
  const profile = byte(1);
  const space = ['', 'A', 'B', 'C'][profile >> 6] ?? '';
  let compatible = 0;
  for (let bit = 0; bit < 32; bit += 1)
    if ((byte(2 + (bit >> 3)) >> (7 - (bit & 7))) & 1) compatible += 2 ** bit;
  const tier = (profile >> 5) & 1 ? 'H' : 'L';
  const constraints = [6, 7, 8, 9, 10, 11].map(byte);
  while (constraints.at(-1) === 0) constraints.pop();
  return [
    'hvc1',
    `${space}${String(profile & 31)}`,
    compatible.toString(16),
    `${tier}${String(byte(12))}`,
    ...constraints.map((value) => value.toString(16)),
  ].join('.');
}

function toHevc(
  file: Blob,
  item: Item,
  properties: readonly Box[],
  turned: readonly Box[],
): HevcPicture | null {
  const hvcc = find(properties, 'hvcC');
  const size = find(properties, 'ispe');
  if (hvcc === null || size === null) return null;
  const config = new Uint8Array(hvcc.buffer, hvcc.byteOffset, hvcc.byteLength);
  return {
    codec: hevcCodec(config),
    config,
    data: bytesOf(file, item),
    width: size.getUint32(4),
    height: size.getUint32(8),
    turns: (find(turned, 'irot')?.getUint8(0) ?? 0) & 3,
  };
}

function bytesOf(file: Blob, { parts }: Item, type = ''): Blob {
  return new Blob(
    parts.map(({ offset, length }) => file.slice(offset, offset + length)),
    { type },
  );
}

/** The small pictures in a HEIC. Throws `RangeError` for a file that breaks off in the middle of a box. */
export async function readHeic(file: Blob): Promise<HeicParts> {
  const head = new DataView(await file.slice(0, META_BYTES).arrayBuffer());
  const meta = find(boxesOf(head), 'meta');
  const none = { jpeg: null, hevc: null };
  if (meta === null) return none;
  const boxes = boxesOf(meta, 4);
  const [iinf, iloc, iprp] = ['iinf', 'iloc', 'iprp'].map((type) => find(boxes, type));
  if (!iinf || !iloc) return none;
  const items = readItems(iloc, readTypes(iinf)).filter(
    ({ parts }) => parts.reduce((sum, { length }) => sum + length, 0) <= LARGEST_PREVIEW,
  );
  const jpeg = items.find(({ type }) => type === 'jpeg');
  const pitm = find(boxes, 'pitm');
  const primary =
    pitm === null ? 0 : pitm.getUint8(0) === 0 ? pitm.getUint16(4) : pitm.getUint32(4);
  const wanted = [...readThumbnails(find(boxes, 'iref')), primary];
  // A picture of tiles is of the type `grid`: then only its small one can be shown.
  const small = wanted
    .map((id) => items.find((item) => item.id === id && item.type === 'hvc1'))
    .find((item) => item !== undefined);
  return {
    jpeg: jpeg === undefined ? null : bytesOf(file, jpeg, 'image/jpeg'),
    hevc:
      small === undefined || !iprp
        ? null
        : toHevc(file, small, readProperties(iprp, small.id), readProperties(iprp, primary)),
  };
}

/** Decode one HEVC picture with the phone's film decoder, and turn it upright. Null where it can't. */
async function decodeHevc(picture: HevcPicture): Promise<Blob | null> {
  if (typeof VideoDecoder === 'undefined') return null;
  const { codec, config: description, width, height, turns } = picture;
  const config = { codec, description, codedWidth: width, codedHeight: height };
  if ((await VideoDecoder.isConfigSupported(config)).supported !== true) return null;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = turns % 2 === 1 ? [height, width] : [width, height];
  const pen = canvas.getContext('2d');
  const drawn: VideoFrame[] = [];
  const decoder = new VideoDecoder({
    output: (frame) => {
      if (pen !== null) {
        pen.translate(canvas.width / 2, canvas.height / 2);
        pen.rotate((-turns * Math.PI) / 2);
        pen.drawImage(frame, -width / 2, -height / 2, width, height);
        drawn.push(frame);
      }
      frame.close();
    },
    error: () => undefined,
  });
  decoder.configure(config);
  const data = await picture.data.arrayBuffer();
  decoder.decode(new EncodedVideoChunk({ type: 'key', timestamp: 0, data }));
  await decoder.flush();
  decoder.close();
  if (drawn.length === 0) return null;
  return new Promise((resolve) => {
    canvas.toBlob(resolve, 'image/jpeg', 0.85);
  });
}

/** A picture that any browser can draw, of a HEIC that it can't; null where this phone has no way to make one. */
export async function makeHeicPreview(file: Blob): Promise<Blob | null> {
  try {
    const { jpeg, hevc } = await readHeic(file);
    return jpeg ?? (hevc === null ? null : await decodeHevc(hevc));
  } catch {
    // Damaged, or a decoder that promised too much: it is kept whole all the same.
    return null;
  }
}

/** The file itself where the browser can draw it, or the small picture of a HEIC; null where there is nothing to draw. */
export async function toShowable(file: Blob): Promise<Blob | null> {
  if (!/^image\/hei[cf]/.test(file.type)) return file;
  try {
    (await createImageBitmap(file)).close();
    return file;
  } catch {
    return makeHeicPreview(file);
  }
}
