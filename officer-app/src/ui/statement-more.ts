/** The parts of MG11 that few statements need: other kinds, other languages, consents and needs. */
import { html, nothing, type TemplateResult } from 'lit';
import type { FieldError, StatementKind } from '../capture/capture';
import type { StatementForm } from '../capture/statement';
import { choiceField, textArea, textField } from './fields';

export interface MoreOfStatement {
  form: StatementForm;
  errors: readonly FieldError[];
  isSigned: boolean;
  onChange: (change: Partial<StatementForm>) => void;
}

const KIND_HINTS: Record<StatementKind, string> = {
  statement: '',
  'victim-personal-statement':
    'How the crime has affected them, in their own words. Not what sentence they want. It cannot be changed once it is signed, and the defence may read it.',
  'impact-statement-for-business':
    'How the crime has affected the business, made by somebody whom the business has authorised.',
};

/** The kind of statement and the language. Folded, because most are in English and about what happened. */
export function kindSection({ form, errors, isSigned, onChange }: MoreOfStatement): TemplateResult {
  const kind = form.statementKind ?? 'statement';
  const language = form.originalLanguage ?? '';
  const hint = KIND_HINTS[kind];
  return html`<details class="field" ?open=${kind !== 'statement' || language !== ''}>
    <summary data-testid="other-kind">Another kind of statement, or another language</summary>
    ${choiceField<StatementKind>({
      id: 'statement_kind',
      label: 'What kind of statement is it?',
      ...(hint === '' ? {} : { hint }),
      errors,
      disabled: isSigned,
      value: kind,
      choices: [
        { value: 'statement', label: 'Witness statement' },
        { value: 'victim-personal-statement', label: 'Victim Personal Statement' },
        { value: 'impact-statement-for-business', label: 'Impact Statement for Business' },
      ],
      onPick: (statementKind) => {
        onChange({ statementKind });
      },
    })}
    ${textField({
      id: 'original_language',
      label: 'Language, if it is not English',
      errors,
      value: language,
      readonly: isSigned,
      maxlength: 60,
      capitals: 'words',
      onInput: (originalLanguage) => {
        onChange({ originalLanguage, readOver: false });
      },
    })}
    ${
      language.trim() === ''
        ? nothing
        : html`${textField({
            id: 'interpreter_name',
            label: 'Interpreter’s full name',
            errors,
            value: form.interpreterName ?? '',
            readonly: isSigned,
            maxlength: 241,
            capitals: 'words',
            onInput: (interpreterName) => {
              onChange({ interpreterName });
            },
          })}
          ${textArea({
            id: 'original_text',
            label: `Their words in ${language.trim()}`,
            hint: 'If the interpreter writes them down. The English goes below.',
            errors,
            value: form.originalText ?? '',
            readonly: isSigned,
            isTall: true,
            onInput: (originalText) => {
              onChange({ originalText, readOver: false });
            },
          })}`
    }
  </details>`;
}

type Consent =
  | 'vpsLeafletGiven'
  | 'consentSupport'
  | 'consentMedicalRecords'
  | 'consentDefence'
  | 'consentCivilProceedings';

const CONSENTS: readonly { name: Consent; id: string; label: string }[] = [
  {
    name: 'vpsLeafletGiven',
    id: 'vps_leaflet_given',
    label: 'Did you give them the Victim Personal Statement leaflet?',
  },
  {
    name: 'consentSupport',
    id: 'consent_support',
    label: 'May we give their details to support services?',
  },
  {
    name: 'consentMedicalRecords',
    id: 'consent_medical_records',
    label: 'May we get their medical records about this?',
  },
  {
    name: 'consentDefence',
    id: 'consent_defence',
    label: 'May the defence see those medical records?',
  },
  {
    name: 'consentCivilProceedings',
    id: 'consent_civil_proceedings',
    label: 'May their statement be used in a civil case?',
  },
];

/** Consents, needs and who looks after a child: on the back of the form, and never asked of everybody. */
export function consentsSection({ form, errors, onChange }: MoreOfStatement): TemplateResult {
  const text = (
    id: string,
    label: string,
    name: 'ensureAttendance' | 'particularNeeds' | 'guardianName' | 'guardianContact',
    maxlength: number,
  ): TemplateResult =>
    textField({
      id,
      label,
      errors,
      value: form[name] ?? '',
      maxlength,
      onInput: (value) => {
        onChange({ [name]: value });
      },
    });
  return html`${
      form.over18 === false
        ? html`${text('guardian_name', 'Parent or guardian who was there', 'guardianName', 241)}
          ${text('guardian_contact', 'How to reach them', 'guardianContact', 254)}`
        : nothing
    }
    <details class="field">
      <summary data-testid="consents">Consents, and what they need</summary>
      ${CONSENTS.map(({ name, id, label }) =>
        choiceField({
          id,
          label,
          errors,
          value: form[name] ?? null,
          choices: [
            { value: true, label: 'Yes' },
            { value: false, label: 'No' },
          ],
          onPick: (value) => {
            onChange({ [name]: value });
          },
        }),
      )}
      ${text('ensure_attendance', 'What would help them come to court', 'ensureAttendance', 300)}
      ${text('particular_needs', 'Disability, health, religion or other needs', 'particularNeeds', 300)}
    </details>`;
}
