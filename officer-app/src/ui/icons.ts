import { svg } from 'lit';

const line = (path: string) =>
  svg`<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false"><path d=${path} /></svg>`;

export const pen = line('M4 20l4-1L19 8l-3-3L5 16l-1 4zM14 7l3 3');
export const camera = line('M4 8h3l2-3h6l2 3h3v11H4zM12 17a4 4 0 1 0 0-8 4 4 0 0 0 0 8z');
export const page = line('M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6');
export const queue = line('M12 19V6M6 11l6-6 6 6M5 21h14');
export const pin = line(
  'M12 21s7-6.3 7-11a7 7 0 1 0-14 0c0 4.700 7 11 7 11zM12 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
);
export const eye = line(
  'M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z',
);
export const find = line(
  'M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13zM15.500 15.500L21 21',
);
export const moon = line('M20 14A8 8 0 1 1 10 4a7 7 0 0 0 10 10z');
export const lamp = svg`<svg viewBox="0 0 64 64" aria-hidden="true" focusable="false"><path d="M20 18h24l4 26H16z" fill="#3f9bff"/><path d="M27 18h10l2 26H25z" fill="#9fd0ff"/><path d="M24 12h16v6H24zM14 44h36v6H14zM29 7h6v5h-6z" fill="#fff"/></svg>`;
