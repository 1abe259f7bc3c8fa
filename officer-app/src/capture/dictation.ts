/** Dictation by the browser's own speech recognition. A victim's words leave the phone only where the force allows it. */

/** What we use of the Web Speech API, which TypeScript does not know in full. */
export interface Recognition {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  processLocally?: boolean;
  onresult: ((event: RecognitionResults) => void) | null;
  onerror: ((event: { error: string }) => void) | null;
  onend: (() => void) | null;
  start(): void;
  stop(): void;
  abort(): void;
}

export interface RecognitionResults {
  resultIndex: number;
  results: ArrayLike<ArrayLike<{ transcript: string }> & { isFinal: boolean }>;
}

interface LocalOptions {
  langs: string[];
  processLocally: true;
}

export interface RecognitionClass {
  new (): Recognition;
  available?(options: LocalOptions): Promise<string>;
  install?(options: LocalOptions): Promise<boolean>;
}

/** `local` on this phone, `install` the same once its words are fetched, `cloud` by the maker of the browser. */
export type Engine = 'local' | 'install' | 'cloud';

const LANGUAGE = 'en-GB';
const LOCAL: LocalOptions = { langs: [LANGUAGE], processLocally: true };

export function findRecognition(scope: object = globalThis): RecognitionClass | null {
  const { SpeechRecognition, webkitSpeechRecognition } = scope as Record<
    string,
    RecognitionClass | undefined
  >;
  return SpeechRecognition ?? webkitSpeechRecognition ?? null;
}

/** How to dictate; null where it cannot be, or may not be: then there is no button. */
export async function chooseEngine(
  recognition: RecognitionClass | null,
  mayUseCloud: boolean,
): Promise<Engine | null> {
  if (recognition === null) return null;
  const state = await recognition.available?.(LOCAL).catch(() => '');
  if (state === 'available') return 'local';
  if (state === 'downloadable' || state === 'downloading') return 'install';
  return mayUseCloud ? 'cloud' : null;
}

/** Put words at the cursor, in place of what is selected, with the spaces and the capital that they need there. */
export function insertWords(
  text: string,
  { start, end, words }: { start: number; end: number; words: string },
): { text: string; caret: number } {
  const before = text.slice(0, start);
  const after = text.slice(end);
  let said = words.trim();
  if (said === '') return { text, caret: end };
  if (/(^|[.!?]\s*|\n)$/.test(before)) said = said.charAt(0).toUpperCase() + said.slice(1);
  if (before !== '' && !/\s$/.test(before)) said = ` ${said}`;
  if (after !== '' && !/^[\s.,;:!?]/.test(after)) said = `${said} `;
  return { text: before + said + after, caret: before.length + said.length };
}

const ERRORS: Readonly<Record<string, string>> = {
  'not-allowed': 'This app may not use the microphone. Allow it in your browser’s settings.',
  'service-not-allowed': 'Dictation is turned off on this phone.',
  'audio-capture': 'No microphone was found.',
  network: 'Dictation needs signal on this phone.',
  'language-not-supported': 'This phone cannot take dictation in English.',
};

/** What to say of an error of the recogniser; empty where there is nothing to say. */
export const errorWords = (error: string): string =>
  // Nobody spoke, or the officer stopped it.
  error === 'no-speech' || error === 'aborted'
    ? ''
    : (ERRORS[error] ?? 'Dictation stopped. Try again, or type.');

interface Listener {
  /** What is being said, before the recogniser is sure; empty when it is. */
  onInterim: (words: string) => void;
  onWords: (words: string) => void;
  onEnd: (error: string) => void;
}

export class Dictation {
  private readonly recognition: Recognition;
  private error = '';

  constructor(Recognition: RecognitionClass, engine: Engine, listener: Listener) {
    const recognition = new Recognition();
    this.recognition = recognition;
    recognition.lang = LANGUAGE;
    recognition.continuous = true;
    recognition.interimResults = true;
    // Without it the browser may send what is said to its maker.
    if (engine !== 'cloud') recognition.processLocally = true;
    recognition.onresult = ({ resultIndex, results }) => {
      let interim = '';
      for (const result of Array.from(results).slice(resultIndex)) {
        const words = result[0]?.transcript ?? '';
        if (result.isFinal) listener.onWords(words);
        else interim += words;
      }
      listener.onInterim(interim.trim());
    };
    recognition.onerror = ({ error }) => {
      this.error = errorWords(error);
    };
    recognition.onend = () => {
      listener.onEnd(this.error);
    };
  }

  start(): void {
    this.recognition.start();
  }

  /** The words that were said until now still come. */
  stop(): void {
    this.recognition.stop();
  }

  abort(): void {
    this.recognition.abort();
  }
}

/** Fetch what the phone needs to understand English by itself. False where that failed. */
export async function installLocal(recognition: RecognitionClass): Promise<boolean> {
  return (await recognition.install?.(LOCAL).catch(() => false)) ?? false;
}

let isCloudAllowed = false;

/** Whether the force lets the browser's maker hear what is dictated: the server says so with the officer's name. */
export function allowCloudDictation(isAllowed: boolean): void {
  isCloudAllowed = isAllowed;
}

export const mayUseCloud = (): boolean => isCloudAllowed;
