/** A series of files: what they are by their contents, one set of words for all, and what is sent of each. */
import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  describeSeries,
  fileBody,
  missingShots,
  seriesWords,
  validateSeries,
  type ItemForm,
  type SeriesItem,
} from '../src/capture/item';
import { detectType, familyOf } from '../src/capture/media-kind';
import { DraftOpener } from '../src/draft-opener';
import { OpenDrafts } from '../src/open-drafts';
import { Sealer } from '../src/sealer';
import { Store } from '../src/store/store';

const latin = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(text, (letter) => letter.charCodeAt(0));

const form = (change: Partial<ItemForm> = {}): ItemForm => ({
  crimeId: 'c',
  filename: 'a.jpg',
  mediaType: 'image/jpeg',
  size: 4,
  sha256: 'f'.repeat(64),
  capturedAt: '2026-03-03T16:15:00+00:00',
  description: '',
  fix: {},
  ...change,
});
const items = (...forms: Partial<ItemForm>[]): SeriesItem[] =>
  forms.map((change, i) => ({ id: String(i), form: form(change) }));

describe('what a file is', () => {
  it.each([
    ['\xff\xd8\xff\xe0', 'holiday.png', 'image/jpeg'],
    ['\0\0\0\x18ftypheic\0\0\0\0mif1', 'IMG_1.jpg', 'image/heic'],
    ['\0\0\0\x18ftypmif1\0\0\0\0avifmif1', 'a.heic', 'image/avif'],
    ['\0\0\0\x18ftypisom\0\0\x02\0isom', 'a.jpg', 'video/mp4'],
    ['\0\0\0\x14ftypqt  ', 'a', 'video/quicktime'],
    ['\0\0\0\x18ftypM4A ', 'a.mp4', 'audio/mp4'],
    ['\x1a\x45\xdf\xa3', 'a.txt', 'video/webm'],
    ['RIFF\0\0\0\0WAVE', 'a', 'audio/wav'],
    ['%PDF-1.7', 'a.doc', 'application/pdf'],
    [
      'PK\x03\x04',
      'a.docx',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    ],
    ['PK\x03\x04', 'a.jpg', 'application/zip'],
    ['Caf\xe9, he said no\r\n', 'a.jpg', 'text/plain'],
    ['\x01\x02\x03', 'a.jpg', 'application/octet-stream'],
    ['', 'a.jpg', 'application/octet-stream'],
  ])('is told by its contents and not by its name: %j, %s', (head, name, type) => {
    expect(detectType(latin(head), name)).toBe(type);
  });

  it('has a word for each', () => {
    expect(
      ['image/heic', 'video/mp4', 'audio/wav', 'text/plain', 'application/zip'].map(familyOf),
    ).toEqual(['photo', 'video', 'sound', 'document', 'file']);
    expect(describeSeries(items({}, {}, { mediaType: 'video/mp4' }))).toBe('2 photos and 1 video');
    expect(describeSeries(items({ mediaType: 'video/mp4' }))).toBe('Video');
  });
});

describe('one set of words', () => {
  it('stands for all but those that have their own', () => {
    const series = items(
      { description: 'The door' },
      { description: 'The lock', hasOwnWords: true },
    );
    expect(seriesWords(series)).toBe('The door');
    expect(seriesWords([...series].reverse())).toBe('The door');
    expect(validateSeries(series)).toEqual([]);
  });

  it('is asked for, and the own words of each that wants some', () => {
    expect(validateSeries(items({}, {}, { hasOwnWords: true })).map(({ field }) => field)).toEqual([
      'description',
      'words-2',
    ]);
    expect(validateSeries(items({ hasOwnWords: true, description: 'A' }))).toEqual([]);
  });

  it('says which of overview, close-up and scale are missing, once somebody began to say', () => {
    expect(missingShots(items({}, { shot: '' }))).toEqual([]);
    expect(missingShots(items({ shot: 'overview' }, {}))).toEqual(['close-up', 'with a scale']);
    expect(
      missingShots(items({ shot: 'overview' }, { shot: 'close-up' }, { shot: 'scale' })),
    ).toEqual([]);
  });
});

describe('what is sent of a file', () => {
  it('says how near it was taken, and the satellites’ time beside the phone’s', () => {
    const fix = {
      latitude: 51.5,
      longitude: -0.1,
      accuracy_m: 9,
      gps_at: '2026-03-03T16:15:01.000Z',
      gps_device_at: '2026-03-03T16:19:01.000Z',
    };
    expect(fileBody(form({ shot: 'scale', fix }))).toMatchObject({ shot: 'scale', ...fix });
  });

  it('says nothing of what nobody said', () => {
    expect(Object.keys(fileBody(form({ shot: '', hasOwnWords: true })))).toEqual([
      'filename',
      'media_type',
      'size',
      'sha256',
      'captured_at',
      'description',
    ]);
  });
});

let made = 0;

async function phone() {
  const store = await Store.open(`series-${String(++made)}`);
  const drafts = new OpenDrafts(
    store,
    () => 'ada',
    () => undefined,
  );
  const at = new Date('2026-03-03T16:15:00Z');
  const sealer = new Sealer(store, drafts, () => at);
  const opener = new DraftOpener(store, drafts, {
    now: () => at,
    officerId: () => 'ada',
    givesStopReceipts: () => true,
    findQuestionSet: () => {
      throw new Error('No form is opened here.');
    },
  });
  return { store, sealer, opener };
}

describe('a series on the phone', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('test_it_works: every file is saved, found again in order, and shown', async () => {
    const { store, sealer, opener } = await phone();
    const saved: number[] = [];
    await sealer.savePhoto('c', new Blob([latin('\xff\xd8\xff\xe0one')]), 'a.png', 'ada');
    const film = new Blob([latin('\0\0\0\x18ftypisom'), new Uint8Array(2_500_000)]);
    await sealer.savePhoto('c', film, 'b.jpg', 'ada', (bytes) => saved.push(bytes));
    await sealer.savePhoto('other', new Blob(['x']), 'c.txt', 'ada');
    const series = await opener.openFiles('c');
    expect(series.map((item) => [item.form.filename, item.form.mediaType])).toEqual([
      ['a.png', 'image/jpeg'],
      ['b.jpg', 'video/mp4'],
    ]);
    expect(saved).toEqual([1_048_576, 2_097_152, film.size]);
    const [photo, video] = series;
    if (photo === undefined || video === undefined) throw new Error('There are two.');
    expect((await opener.getDraftFile(photo.id, photo.form))?.size).toBe(7);
    // What would fill the memory is not decrypted to be looked at.
    expect(await opener.getDraftFile(video.id, { ...video.form, size: 3e9 })).toBeNull();
    store.close();
  });

  it('is refused a file only where the phone has no room for it, with how much there is', async () => {
    const { store, sealer } = await phone();
    vi.stubGlobal('navigator', {
      storage: { estimate: () => Promise.resolve({ quota: 90_000_000, usage: 30_000_000 }) },
    });
    const file = { size: 70_000_000 } as Blob;
    await expect(sealer.savePhoto('c', file, 'film.mp4', 'ada')).rejects.toThrow(
      'film.mp4 is 70 MB, and this phone has room for 10 MB.',
    );
    await expect(sealer.savePhoto('c', new Blob([]), 'film.mp4', 'ada')).rejects.toThrow(
      'is empty',
    );
    await sealer.savePhoto('c', new Blob(['small']), 'note.txt', 'ada');
    store.close();
  });
});
