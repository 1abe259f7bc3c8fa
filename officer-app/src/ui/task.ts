/** One task: what is asked, and the answer, which is saved at each keystroke and sent like any other capture. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import {
  askedBy,
  dueLabel,
  isContact,
  isLate,
  taskTitle,
  validateTask,
  type TaskForm,
} from '../capture/tasks';
import { formatWhen } from '../capture/times';
import { DraftScreen } from './draft-screen';
import { choiceField, errorSummary, textArea, textField } from './fields';
import { routeTo } from './routes';
import { base } from './styles';

@customElement('bl-task')
export class TaskElement extends DraftScreen<TaskForm> {
  static override styles = [
    base,
    css`
      .asked {
        white-space: pre-line;
        overflow-wrap: anywhere;
      }
      .late {
        font-weight: 700;
        color: var(--bad);
      }
      .give {
        margin-top: 1.25rem;
      }
    `,
  ];

  protected async openDraft(): Promise<void> {
    const opened = await this.controller.openTask(this.crimeId);
    if (opened === null) {
      this.announce('This has been done, or is no longer asked.');
      this.navigate('/');
      return;
    }
    await this.showDraft(opened);
  }

  protected sealedRoute(): string {
    return '/';
  }

  private change(changes: Partial<TaskForm>): void {
    if (this.form === null || this.isBusy) return;
    const form = { ...this.form, ...changes };
    this.form = form;
    const crimeId = form.task.crime_id ?? '';
    this.controller.saveDraft({ id: this.draftId, kind: 'task', crimeId, form });
    if (this.errors.length > 0) this.errors = validateTask(form, this.controller.now());
  }

  protected override startAgain(): Promise<void> {
    this.navigate('/');
    return Promise.resolve();
  }

  private async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { form } = this;
    if (form === null || this.isBusy) return;
    const errors = validateTask(form, this.controller.now());
    if (errors.length > 0) {
      await this.showErrors(errors);
      return;
    }
    await this.runOnce(async () => {
      await this.controller.sealTask(this.draftId, form);
      this.announce(
        isContact(form)
          ? 'Saved. It goes on the record of the crime.'
          : `Saved. We’ll send it to ${form.task.asked_by}.`,
      );
      this.navigate('/');
    });
  }

  private whatIsAsked({ task }: TaskForm): TemplateResult {
    const now = this.controller.now();
    const due = dueLabel(task, now);
    return html`<section class="card" aria-label="What is asked">
      ${due === '' ? nothing : html`<p class=${isLate(task, now) ? 'late' : ''}>${due}</p>`}
      <p class="asked" dir="auto" data-testid="what-is-asked">${task.text}</p>
      <p class="muted">${askedBy(task)}, ${formatWhen(new Date(task.asked_at), now)}</p>
      ${
        task.crime_id == null
          ? nothing
          : html`<p>
              <a href="#${routeTo('crime', task.crime_id)}">${task.crime_number ?? 'The crime'}</a
              >${task.offence === undefined || task.offence === '' ? nothing : html`, ${task.offence}`}
            </p>`
      }
    </section>`;
  }

  private contact(form: TaskForm): TemplateResult {
    const { task } = form;
    const { safety = '', enhanced = '', phone = '' } = task;
    return html`
      ${
        safety === ''
          ? nothing
          : html`<div class="notice warn" data-testid="safety">
              <p><strong>${safety}</strong></p>
            </div>`
      }
      ${enhanced === '' ? nothing : html`<p>Enhanced Rights: ${enhanced}</p>`}
      ${phone === '' || safety !== '' ? nothing : html`<p><a class="button plain wide row-button" data-testid="ring" href="tel:${phone}">Call ${phone}</a></p>`}
      <section class="card" aria-label="How and when">
        ${choiceField({
          id: 'way',
          label: 'How did you contact them?',
          choices: task.ways ?? [],
          errors: this.errors,
          value: form.way,
          onPick: (way) => {
            this.change({ way });
          },
        })}
        ${textField({
          id: 'made_at',
          label: 'When?',
          type: 'datetime-local',
          errors: this.errors,
          value: form.madeAt,
          onInput: (madeAt) => {
            this.change({ madeAt });
          },
        })}
      </section>
    `;
  }

  override render(): TemplateResult {
    const { form } = this;
    if (form === null)
      return html`<h1 tabindex="-1">Do a task</h1>
        ${this.errorMessage === '' ? html`<p class="muted">Opening…</p>` : this.errorNotice()}`;
    return html`
      <a class="back" href="#/">‹ Home</a>
      <h1 tabindex="-1">${taskTitle(form.task)}</h1>
      <form novalidate @submit=${(e: SubmitEvent) => void this.submit(e)}>
        <div class="stack">
          ${errorSummary(this.errors, () => this.renderRoot)} ${this.restoredNotice()}
          ${this.whatIsAsked(form)} ${isContact(form) ? this.contact(form) : nothing}
          <section class="card" aria-label="Your answer">
            ${textArea({
              id: 'answer',
              label: isContact(form)
                ? 'Note, if there is something to say'
                : 'Your answer, or what you did',
              hint: 'It goes on the record of the crime.',
              errors: this.errors,
              value: form.text,
              maxlength: isContact(form) ? 4_000 : 20_000,
              onInput: (text) => {
                this.change({ text });
              },
            })}
          </section>
        </div>
        ${this.errorMessage === '' ? nothing : html`<div class="give">${this.errorNotice()}</div>`}
        <div class="give near">
          <button class="wide big" type="submit" data-testid="keep-task" ?disabled=${this.isBusy}>
            ${isContact(form) ? 'Save contact' : 'Save answer'}
          </button>
        </div>
      </form>
    `;
  }
}
