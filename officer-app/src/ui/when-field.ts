/** When something happened: usual times to press, and controls for its start and its end. */
import { html, nothing, type TemplateResult } from 'lit';
import { commonTimes } from '../capture/crime';
import type { Choice } from '../forms/question-set';
import { checkboxField, textField, type FieldOptions } from './fields';

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
  return html`<div class="chips field" role="group" aria-label="Common times">
      ${commonTimes(now).map(
        ({ words, from, to }) =>
          html` <button
            type="button"
            class="plain"
            data-testid="usual-time"
            aria-pressed=${text(fromId) === from && text(toId) === to ? 'true' : 'false'}
            @click=${() => {
              onChange({ [fromId]: from, [toId]: to });
            }}
          >
            ${words}
          </button>`,
      )}
    </div>
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
    ${tick}`;
}
