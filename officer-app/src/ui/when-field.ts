/** When something happened: usual times to press, and controls for its start and its end. */
import { html, nothing, type TemplateResult } from 'lit';
import { commonTimes } from '../capture/crime';
import { twiceField } from '../capture/moments';
import { formatWhen, fromLocalInput, isTwice, zoneNotice, type Twice } from '../capture/times';
import type { Choice } from '../forms/question-set';
import { checkboxField, choiceField, textField, type FieldOptions } from './fields';

export interface WhenOptions extends FieldOptions {
  /** The two fields; `prefix` begins their ids. */
  from: string;
  to: string;
  prefix: string;
  text: (field: string) => string;
  now: Date;
  /** The field that says "unsure"; null where the time must be known. */
  unsure: string | null;
  /** What the question set calls it, and the end; without them the usual words stand. */
  unsureChoice: Choice | undefined;
  endLabel: string | undefined;
  onChange: (change: Record<string, string>) => void;
}

/** In words, because browsers order day and month by their own language, and some count to 12. */
function momentInWords(text: string, twice: string, now: Date): string {
  const at = fromLocalInput(text, twice === 'second' ? 'second' : 'first');
  return at === null ? '' : formatWhen(at, now);
}

const CLOCKS_BACK: readonly { value: Twice; label: string }[] = [
  { value: 'first', label: 'Before the clocks went back' },
  { value: 'second', label: 'After the clocks went back' },
];

export function whenField({
  label,
  from: fromId,
  to: toId,
  prefix,
  text,
  now,
  unsure,
  unsureChoice,
  endLabel,
  onChange,
  ...options
}: WhenOptions): TemplateResult {
  const isUnsure = unsure !== null && text(unsure) === 'unsure';
  const tick =
    unsure === null
      ? nothing
      : checkboxField({
          id: prefix + unsure,
          label: unsureChoice?.label ?? 'Not sure when',
          ...(unsureChoice?.hint === undefined ? {} : { hint: unsureChoice.hint }),
          errors: [],
          value: isUnsure,
          onTick: (isTicked) => {
            onChange({ [unsure]: isTicked ? 'unsure' : '' });
          },
        });
  if (isUnsure)
    return html`<div class="field" role="group" aria-label=${label}>
      <p class="label">${label}</p>
      ${tick}
    </div>`;
  const notice = zoneNotice(now);
  const words = [fromId, toId]
    .map((field) => momentInWords(text(field), text(twiceField(field)), now))
    .filter(Boolean)
    .join(' to ');
  const whichOfTwo = (field: string): TemplateResult | typeof nothing =>
    isTwice(text(field))
      ? choiceField<Twice>({
          id: prefix + twiceField(field),
          label: 'This hour happened twice. Which was it?',
          errors: options.errors,
          value: (text(twiceField(field)) || null) as Twice | null,
          choices: CLOCKS_BACK,
          onPick: (value) => {
            onChange({ [twiceField(field)]: value });
          },
        })
      : nothing;
  return html`<div class="chips field" role="group" aria-label="Common times">
      ${commonTimes(now).map(
        (time) =>
          html` <button
            type="button"
            class="plain"
            data-testid="usual-time"
            aria-pressed=${text(fromId) === time.from && text(toId) === time.to ? 'true' : 'false'}
            @click=${() => {
              onChange({ [fromId]: time.from, [toId]: time.to });
            }}
          >
            ${time.words}
          </button>`,
      )}
    </div>
    ${notice === '' ? nothing : html`<p class="field muted" data-testid="zone-notice">${notice}</p>`}
    <div class="pair field">
      ${textField({
        ...options,
        id: prefix + fromId,
        label: label.endsWith('?') ? label : `${label}, or when it started`,
        value: text(fromId),
        type: 'datetime-local',
        onInput: (value) => {
          onChange({ [fromId]: value });
        },
      })}
      ${textField({
        errors: options.errors,
        id: prefix + toId,
        label: endLabel ?? 'When it ended (only if they’re not sure when it happened)',
        value: text(toId),
        type: 'datetime-local',
        onInput: (value) => {
          onChange({ [toId]: value });
        },
      })}
    </div>
    ${whichOfTwo(fromId)}${whichOfTwo(toId)}
    ${words === '' ? nothing : html`<p class="muted when-words" data-testid="when-words">${words}</p>`}
    ${tick}`;
}
