/** The Markdown that notes of question sets have: paragraphs, lists, bold, italics and links. HTML in a note stays text. */
import { html, type TemplateResult } from 'lit';

const INLINE =
  /\*\*([^*]+)\*\*|\*([^*]+)\*|\[([^\]]+)\]\(((?:https?:|tel:|sms:|mailto:)[^\s)]+)\)/g;
const BULLET = /^[-*] +/;
const NUMBER = /^\d+[.)] +/;

type Part = string | TemplateResult;

function inline(text: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const found of text.matchAll(INLINE)) {
    const [all, bold, italic, label, address] = found;
    parts.push(text.slice(end, found.index));
    if (bold !== undefined) parts.push(html`<strong>${bold}</strong>`);
    else if (italic !== undefined) parts.push(html`<em>${italic}</em>`);
    else parts.push(html`<a href=${address} rel="noreferrer">${label}</a>`);
    end = found.index + all.length;
  }
  return [...parts, text.slice(end)];
}

function block(lines: readonly string[]): TemplateResult {
  const items = (mark: RegExp): TemplateResult[] =>
    lines.map((line) => html`<li>${inline(line.replace(mark, ''))}</li>`);
  if (lines.every((line) => BULLET.test(line)))
    return html`<ul>
      ${items(BULLET)}
    </ul>`;
  if (lines.every((line) => NUMBER.test(line)))
    return html`<ol>
      ${items(NUMBER)}
    </ol>`;
  return html`<p>${inline(lines.join(' '))}</p>`;
}

export function markdown(text: string): TemplateResult[] {
  return text
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => block(paragraph.split('\n').map((line) => line.trim())));
}

/** A note of a question set, as a page shows it. */
export function noteBlock({ text, look }: { text: string; look?: string }): TemplateResult {
  return html`<div class=${look === 'warning' ? 'notice warn field' : 'muted field'}>
    ${markdown(text)}
  </div>`;
}
