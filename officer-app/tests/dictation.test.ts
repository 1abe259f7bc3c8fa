import { describe, expect, it, vi } from 'vitest';
import {
  chooseEngine,
  Dictation,
  errorWords,
  findRecognition,
  insertWords,
  installLocal,
  type Recognition,
  type RecognitionClass,
} from '../src/capture/dictation';

function fake(state?: string): { made: Recognition[]; Class: RecognitionClass } {
  const made: Recognition[] = [];
  class Fake implements Recognition {
    lang = '';
    continuous = false;
    interimResults = false;
    processLocally?: boolean;
    onresult = null;
    onerror = null;
    onend = null;
    start = vi.fn();
    stop = vi.fn();
    abort = vi.fn();
    constructor() {
      made.push(this);
    }
  }
  const Class = Fake as unknown as RecognitionClass;
  if (state !== undefined) Class.available = () => Promise.resolve(state);
  return { made, Class };
}

const result = (transcript: string, isFinal: boolean): never =>
  Object.assign([{ transcript }], { isFinal }) as never;

describe('whether there is a button', () => {
  it('is there where the phone does it itself, whatever the force allows', async () => {
    for (const isAllowed of [false, true]) {
      expect(await chooseEngine(fake('available').Class, isAllowed)).toBe('local');
      expect(await chooseEngine(fake('downloadable').Class, isAllowed)).toBe('install');
    }
  });

  it('sends what a victim says to nobody unless the force allows it', async () => {
    for (const state of [undefined, 'unavailable']) {
      expect(await chooseEngine(fake(state).Class, false)).toBeNull();
      expect(await chooseEngine(fake(state).Class, true)).toBe('cloud');
    }
  });

  it('is not there in a browser that cannot', async () => {
    expect(findRecognition({})).toBeNull();
    expect(await chooseEngine(null, true)).toBeNull();
    const { Class } = fake();
    expect(findRecognition({ webkitSpeechRecognition: Class })).toBe(Class);
  });

  it('is not there where the browser does not answer', async () => {
    const { Class } = fake('');
    Class.available = () => Promise.reject(new Error('blocked'));
    expect(await chooseEngine(Class, false)).toBeNull();
    expect(await installLocal(Class)).toBe(false);
  });
});

describe('words at the cursor', () => {
  it.each([
    ['', 0, 0, 'he ran off', 'He ran off', 10],
    ['I saw him.', 10, 10, 'he ran off', 'I saw him. He ran off', 21],
    ['I saw him', 9, 9, 'run off', 'I saw him run off', 17],
    ['I him', 2, 2, 'saw', 'I saw him', 6],
    ['I heard him', 2, 7, 'saw', 'I saw him', 5],
    ['One.\n', 5, 5, 'two', 'One.\nTwo', 8],
    ['Kept', 4, 4, '  ', 'Kept', 4],
  ])('%j at %i to %i with %j is %j', (text, start, end, words, expected, caret) => {
    expect(insertWords(text, { start, end, words })).toEqual({ text: expected, caret });
  });
});

describe('dictating', () => {
  const begin = (engine: 'local' | 'cloud') => {
    const { made, Class } = fake();
    const heard: string[] = [];
    const dictation = new Dictation(Class, engine, {
      onInterim: (words) => heard.push(`? ${words}`),
      onWords: (words) => heard.push(words),
      onEnd: (error) => heard.push(`end ${error}`),
    });
    const [recognition] = made;
    if (recognition === undefined) throw new Error('nothing was made');
    return { dictation, recognition, heard };
  };

  it('stays on the phone where it can', () => {
    expect(begin('local').recognition.processLocally).toBe(true);
    expect(begin('cloud').recognition.processLocally).toBeUndefined();
  });

  it('shows words before they are certain, and gives each certain one once', () => {
    const { recognition, heard } = begin('local');
    recognition.onresult?.({ resultIndex: 0, results: [result('he ran', false)] });
    recognition.onresult?.({ resultIndex: 0, results: [result('he ran off', true)] });
    recognition.onresult?.({
      resultIndex: 1,
      results: [result('he ran off', true), result(' down', false)],
    });
    expect(heard).toEqual(['? he ran', 'he ran off', '? ', '? down']);
  });

  it('says why it stopped, and nothing where nobody spoke', () => {
    const { recognition, heard } = begin('local');
    recognition.onerror?.({ error: 'not-allowed' });
    recognition.onend?.();
    expect(heard[0]).toContain('may not use the microphone');
    expect(errorWords('no-speech')).toBe('');
    expect(errorWords('something new')).toContain('Try again');
  });
});
