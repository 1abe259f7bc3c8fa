/** Draws a question set as one scrolling form: each page that is asked is a card, and questions come and go as one answers. */
import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { FieldError } from '../capture/capture';
import { answerControl } from '../ui/answer-control';
import type { AppController } from '../ui/controller';
import { addRowButton, removeRowButton } from '../ui/row-buttons';
import { noteBlock } from '../ui/markdown';
import type { AskedQuestion } from './answer-types';
import * as rules from './answers';
import type { QuestionSet, Texts } from './question-set';

/** What a screen adds to a question: another label or hint, and what stands before and after it. */
export type Extras = Readonly<
  Record<
    string,
    | (Partial<Record<'label' | 'hint', string>> & {
        before?: unknown;
        after?: unknown;
        hasButtons?: boolean;
      })
    | undefined
  >
>;

@customElement('bl-questions')
export class QuestionsElement extends LitElement {
  @property({ attribute: false }) set!: QuestionSet;
  @property({ attribute: false }) texts: Texts = {};
  @property({ attribute: false }) errors: readonly FieldError[] = [];
  @property({ attribute: false }) controller!: AppController;
  @property({ attribute: false }) extras: Extras = {};
  /** The pages that are folded until somebody opens them. */
  @property({ attribute: false }) folded: readonly string[] = [];

  /** Drawn in the screen itself, so that its form, its styles and its error summary reach each field. */
  protected override createRenderRoot(): this {
    return this;
  }

  emit(texts: Texts): void {
    this.texts = texts;
    this.dispatchEvent(new CustomEvent<Texts>('answer', { detail: texts }));
  }

  private question(question: AskedQuestion, prefix: string): TemplateResult {
    const {
      label,
      hint = question.hint,
      before,
      after,
      hasButtons,
    } = this.extras[question.id] ?? {};
    const isOptional = question.required === false && question.type !== 'declaration';
    const control = answerControl({
      question,
      prefix,
      label: label ?? (isOptional ? `${question.label} (optional)` : question.label),
      hint,
      hasButtons: hasButtons ?? false,
      errors: this.errors,
      controller: this.controller,
      text: (field) => this.texts[prefix + field] ?? '',
      onChange: (change) => {
        const named = Object.entries(change).map(([field, typed]) => [prefix + field, typed]);
        this.emit({ ...this.texts, ...(Object.fromEntries(named) as Texts) });
      },
    });
    return html`${before ?? nothing}${control}${after ?? nothing}`;
  }

  private page({ page, prefix, questions, notes, row, section }: rules.AskedPage): TemplateResult {
    const order = (page.questions ?? []).map(({ id }) => id);
    const places = notes.map(({ before = '' }) =>
      questions.findIndex(({ id }) => order.indexOf(id) >= order.indexOf(before)),
    );
    const notesAt = (place: number): TemplateResult[] =>
      notes.filter((_, i) => places[i] === place).map(noteBlock);
    const content = html`${repeat(
      questions,
      ({ id }) => id,
      (question, i) => html`${notesAt(i)}${this.question(question, prefix)}`,
    )}${notesAt(-1)}`;
    const number = row === null ? 0 : rules.listRows(section, this.texts).indexOf(row) + 1;
    const heading = number === 0 ? page.title : `${page.title} ${String(number)}`;
    if (this.folded.includes(page.id)) {
      const isOpen = questions.some(({ id }) => (this.texts[prefix + id] ?? '') !== '');
      return html`<details class="card" ?open=${isOpen}>
        <summary>${heading}</summary>
        ${content}
      </details>`;
    }
    return html`<section class="card" aria-labelledby="${prefix}${page.id}-heading">
      <h2 id="${prefix}${page.id}-heading">${heading}</h2>
      ${content}
      ${
        row !== null && section.pages.at(-1)?.id === page.id
          ? removeRowButton(this, section, row, number)
          : nothing
      }
    </section>`;
  }

  override render(): TemplateResult {
    const { pages, sections } = rules.readAnswers(this.set, this.texts, this.controller.now());
    return html`<div class="stack">
      ${sections.map(
        (section) =>
          html`${repeat(
            pages.filter((asked) => asked.section === section),
            ({ page, prefix }) => prefix + page.id,
            (asked) => this.page(asked),
          )}${addRowButton(this, section)}`,
      )}
    </div>`;
  }
}
