/** What the officer is asked to do: a list on the home screen, and all of it on a screen of its own. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { askedBy, dueLabel, isLate, taskTitle, type TaskLine } from '../capture/tasks';
import { formatWhen } from '../capture/times';
import { routeTo } from './routes';
import { Screen } from './screen';
import { base } from './styles';

/** As many as the home screen shows, so that the crimes stay near. */
const MOST_AT_HOME = 3;

export const taskStyles = css`
  .tasks {
    list-style: none;
    padding: 0;
    margin: 0;
  }
  .tasks li + li {
    border-top: 1px solid var(--line);
  }
  .tasks a {
    display: block;
    padding: 0.875rem 1.125rem;
    color: inherit;
    text-decoration: none;
  }
  .tasks a:hover {
    background: var(--soft);
  }
  .tasks b {
    display: block;
    color: var(--link);
    text-decoration: underline;
    text-underline-offset: 0.15em;
    overflow-wrap: anywhere;
  }
  .tasks span {
    display: block;
  }
  .tasks .late {
    font-weight: 700;
    color: var(--bad);
  }
  .tasks .what {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 3;
    overflow: hidden;
    overflow-wrap: anywhere;
  }
  .asked-of {
    padding: 0;
    overflow: hidden;
  }
`;

function routeOf(task: TaskLine): string {
  return routeTo(task.kind === 'record-returned' ? 'correct' : 'task', task.id);
}

function taskRow(task: TaskLine, now: Date): TemplateResult {
  const due = dueLabel(task, now);
  return html`<li>
    <a data-testid="task" data-kind=${task.kind} href="#${routeOf(task)}">
      <b>${taskTitle(task)}</b>
      ${due === '' ? nothing : html`<span class=${isLate(task, now) ? 'late' : ''} data-testid="task-due">${due}</span>`}
      <span class="what" dir="auto">${task.text}</span>
      <span class="muted"
        >${askedBy(task)}${task.crime_number ? `, ${task.crime_number}` : ''},
        ${formatWhen(new Date(task.asked_at), now)}</span
      >
    </a>
  </li>`;
}

/** What is asked about one crime, and what is due to its victims, for the screen of the crime. */
export function tasksOfCrime(
  tasks: readonly TaskLine[],
  crimeId: string,
  now: Date,
): TemplateResult | typeof nothing {
  const own = tasks.filter((task) => task.crime_id === crimeId);
  if (own.length === 0) return nothing;
  return html`<section aria-labelledby="tasks-heading" data-testid="tasks">
    <h2 id="tasks-heading">To do for this crime (${own.length})</h2>
    <div class="card asked-of">
      <ul class="tasks">
        ${own.map((task) => taskRow(task, now))}
      </ul>
    </div>
  </section>`;
}

/** What is asked of the officer, for the home screen; nothing where nothing is. */
export function taskList(tasks: readonly TaskLine[], now: Date): TemplateResult | typeof nothing {
  if (tasks.length === 0) return nothing;
  const late = tasks.filter((task) => isLate(task, now)).length;
  return html`<section aria-labelledby="tasks-heading" data-testid="tasks">
    <h2 id="tasks-heading">
      What you’re asked to do (${tasks.length}${late === 0 ? '' : `, ${String(late)} late`})
    </h2>
    <div class="card asked-of">
      <ul class="tasks">
        ${tasks.slice(0, MOST_AT_HOME).map((task) => taskRow(task, now))}
      </ul>
    </div>
    ${tasks.length <= MOST_AT_HOME ? nothing : html`<p class="row-button"><a href="#/tasks" data-testid="all-tasks">See all ${tasks.length}</a></p>`}
  </section>`;
}

@customElement('bl-tasks')
export class TasksElement extends Screen {
  static override styles = [base, taskStyles];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.focusHeading();
  }

  override render(): TemplateResult {
    const { tasks } = this.controller.view;
    const now = this.controller.now();
    return html`
      <a class="back" href="#/">‹ Home</a>
      <h1 tabindex="-1">What you’re asked to do (${tasks.length})</h1>
      <div class="card asked-of">
        ${
          tasks.length === 0
            ? html`<p class="empty muted">Nothing is waiting for you.</p>`
            : html`<ul class="tasks">
                ${tasks.map((task) => taskRow(task, now))}
              </ul>`
        }
      </div>
    `;
  }
}
