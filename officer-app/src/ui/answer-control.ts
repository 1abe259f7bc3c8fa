/** The control of each type of answer, for the question engine (`src/forms`). */
import { html, type TemplateResult } from 'lit';
import { fieldName, type AskedQuestion } from '../forms/answer-types';
import type { Texts } from '../forms/question-set';
import type { Point } from '../capture/capture';
import { toPath, toStrokes } from '../capture/strokes';
import type { AppController } from './controller';
import * as fields from './fields';
import type { OffencePicked } from './offence-picker';
import type { PlaceTexts } from './place-field';
import { whenField } from './when-field';
import './offence-picker';
import './place-field';
import './signature';

export interface AnswerControl {
  question: AskedQuestion;
  /** Begins the form fields in a row of a repeating section. */
  prefix: string;
  label: string;
  hint?: string | undefined;
  /** Draw a few short choices as buttons in a row. */
  hasButtons: boolean;
  errors: fields.FieldOptions['errors'];
  controller: AppController;
  text: (field: string) => string;
  onChange: (texts: Texts) => void;
}

const MOST_RADIO_BUTTONS = 8;
const TEXT_CONTROLS: Record<string, Partial<fields.TextFieldOptions>> = {
  date: { type: 'date' },
  time: { type: 'time' },
  email: { type: 'email', inputmode: 'email', maxlength: 254 },
  phone: { type: 'tel', inputmode: 'tel', maxlength: 40 },
  number: { inputmode: 'decimal' },
  money: { inputmode: 'decimal' },
  postcode: { capitals: 'characters' },
  registration: { capitals: 'characters' },
  identifier: { capitals: 'characters' },
};

export function answerControl(control: AnswerControl): TemplateResult {
  const { question, prefix, label, hint, errors, controller, text, onChange } = control;
  const { id, type } = question;
  const options = {
    id: prefix + id,
    label,
    ...(hint === undefined ? {} : { hint }),
    errors,
    value: text(id),
    choices: question.choices,
  };
  const onInput = (typed: string): void => {
    onChange({ [id]: typed });
  };
  switch (type) {
    case 'long_text':
      return fields.textArea({ ...options, onInput });
    case 'choice':
    case 'yes_no':
      if (control.hasButtons)
        return fields.buttonsField({
          ...options,
          // The victim's card has the question as its heading.
          isLabelShown: id !== 'victim',
          onPick: onInput,
        });
      return options.choices.length > MOST_RADIO_BUTTONS
        ? fields.selectField({ ...options, onPick: onInput })
        : fields.choiceField({ ...options, onPick: onInput });
    case 'choices':
      return fields.checkboxesField({
        ...options,
        value: options.value.split('\n').filter(Boolean),
        onPick: (chosen) => {
          onInput(chosen.join('\n'));
        },
      });
    case 'declaration':
      return fields.checkboxField({
        ...options,
        value: options.value !== '',
        onTick: (isTicked) => {
          onInput(isTicked ? 'yes' : '');
        },
      });
    case 'code':
      return html`<bl-offence-picker
        id=${options.id}
        class="field"
        .offences=${controller.view.offences}
        .typed=${text(fieldName(question, 'typed'))}
        .code=${options.value}
        .error=${fields.errorFor(errors, options.id)}
        @pick=${({ detail }: CustomEvent<OffencePicked>) => {
          onChange({ [id]: detail.code, [fieldName(question, 'typed')]: detail.typed });
        }}
      ></bl-offence-picker>`;
    case 'when':
      return whenField({
        ...options,
        from: fieldName(question, 'from'),
        to: fieldName(question, 'to'),
        prefix,
        text,
        now: controller.now(),
        // The body of a capture has the time itself; only among its `answers` can it be unknown.
        unsure: question.api === undefined ? id : null,
        unsureChoice: question.choices.find(({ value }) => value === 'unsure'),
        endLabel: question.field_labels?.to,
        onChange,
      });
    case 'drawing':
      return fields.labelledGroup({
        ...options,
        control: html`<bl-signature
          .strokes=${toStrokes(options.value)}
          @strokes=${({ detail }: CustomEvent<Point[][]>) => {
            onInput(toPath(detail));
          }}
        ></bl-signature>`,
      });
    case 'place':
      return html`<bl-place-field
        class="field"
        .label=${label}
        .hint=${hint}
        .errors=${errors}
        .text=${(part: string) => text(fieldName(question, part))}
        .fieldId=${(part: string) => prefix + fieldName(question, part)}
        .findStreets=${(address: string) => controller.findStreets(address)}
        .lookUp=${(postcode: string) => controller.lookUpPostcode(postcode)}
        @place=${({ detail }: CustomEvent<PlaceTexts>) => {
          const parts = Object.entries(detail);
          onChange(
            Object.fromEntries(parts.map(([part, typed]) => [fieldName(question, part), typed])),
          );
        }}
      ></bl-place-field>`;
    default:
      return fields.textField({
        ...options,
        onInput,
        maxlength: question.most ?? 200,
        ...TEXT_CONTROLS[question.autocomplete === 'tel' ? 'phone' : type],
      });
  }
}
