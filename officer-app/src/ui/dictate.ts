/** The button that dictates into the text area beside it. Absent where the browser cannot, or the force does not allow it. */
import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import {
  chooseEngine,
  Dictation,
  findRecognition,
  insertWords,
  installLocal,
  mayUseCloud,
  type Engine,
} from '../capture/dictation';

@customElement('bl-dictate')
export class DictateElement extends LitElement {
  @state() private engine: Engine | null = null;
  @state() private interim = '';
  @state() private message = '';
  @state() private dictation: Dictation | null = null;
  /** What the text was before each piece that was said here, the last one at the end. */
  @state() private earlier: readonly { before: string; after: string }[] = [];

  protected override createRenderRoot(): this {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void chooseEngine(findRecognition(), mayUseCloud()).then((engine) => {
      this.engine = engine;
    });
  }

  /** Nobody sees any more that it listens. */
  override disconnectedCallback(): void {
    this.dictation?.abort();
    this.dictation = null;
    super.disconnectedCallback();
  }

  private get area(): HTMLTextAreaElement | null {
    return this.parentElement?.querySelector('textarea') ?? null;
  }

  private setText(area: HTMLTextAreaElement, text: string, caret: number): void {
    area.value = text;
    area.setSelectionRange(caret, caret);
    area.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
  }

  private addWords(words: string): void {
    const { area } = this;
    if (area === null) return;
    const before = area.value;
    const { text, caret } = insertWords(before, {
      start: area.selectionStart,
      end: area.selectionEnd,
      words,
    });
    if (text === before) return;
    if (area.maxLength >= 0 && text.length > area.maxLength) {
      this.message = 'There is no room for what you said.';
      this.dictation?.stop();
      return;
    }
    this.setText(area, text, caret);
    this.earlier = [...this.earlier, { before, after: text }];
  }

  private undo(): void {
    const last = this.earlier.at(-1);
    const { area } = this;
    if (last === undefined || area === null) return;
    // What was typed since is not thrown away with it.
    if (area.value === last.after) this.setText(area, last.before, last.before.length);
    else this.message = 'You have changed the text since. Correct it by hand.';
    this.earlier = this.earlier.slice(0, -1);
    area.focus();
  }

  private async toggle(): Promise<void> {
    if (this.dictation !== null) {
      this.dictation.stop();
      return;
    }
    const recognition = findRecognition();
    if (recognition === null || this.engine === null) return;
    this.message = '';
    if (this.engine === 'install') {
      this.message = 'Getting this phone ready for dictation…';
      if (!(await installLocal(recognition))) {
        this.message = 'This phone could not get ready. Try again when you have signal.';
        return;
      }
      this.engine = 'local';
      this.message = '';
    }
    const dictation = new Dictation(recognition, this.engine, {
      onInterim: (words) => {
        this.interim = words;
      },
      onWords: (words) => {
        this.addWords(words);
      },
      onEnd: (error) => {
        this.interim = '';
        this.dictation = null;
        if (error !== '') this.message = error;
      },
    });
    try {
      dictation.start();
      this.dictation = dictation;
    } catch {
      this.message = 'Dictation could not start. Try again, or type.';
    }
  }

  override render(): TemplateResult | typeof nothing {
    if (this.engine === null) return nothing;
    const isOn = this.dictation !== null;
    return html`<div class="chips" data-testid="dictation">
        <button
          type="button"
          class="plain"
          data-testid="dictate"
          aria-pressed=${isOn ? 'true' : 'false'}
          @click=${() => void this.toggle()}
        >
          ${isOn ? 'Stop dictating' : 'Dictate'}
        </button>
        ${
          this.earlier.length === 0
            ? nothing
            : html`<button
                type="button"
                class="plain"
                data-testid="undo-dictation"
                @click=${() => {
                  this.undo();
                }}
              >
                Undo what I said
              </button>`
        }
      </div>
      <p class="hint" role="status" data-testid="dictation-words">
        ${this.interim === '' ? this.message : `${this.interim}…`}
      </p>
      ${
        this.engine === 'cloud'
          ? html`<p class="hint">
              The maker of your browser hears what you dictate. Your force allows this.
            </p>`
          : nothing
      }`;
  }
}
