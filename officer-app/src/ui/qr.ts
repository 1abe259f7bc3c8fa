/** A QR code as one SVG path, black on white also at night, or a camera could not read it. */
import { html, svg, type TemplateResult } from 'lit';
import { encode } from 'uqr';

/** The quiet zone that ISO/IEC 18004 asks for, in modules. */
const QUIET = 4;

export function qrCode(text: string, label: string): TemplateResult {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET });
  const path = data
    .flatMap((row, y) =>
      row.map((isDark, x) => (isDark ? `M${String(x)} ${String(y)}h1v1h-1z` : '')),
    )
    .join('');
  return html`<svg
    role="img"
    aria-label=${label}
    data-testid="qr"
    viewBox="0 0 ${size} ${size}"
    class="qr"
    shape-rendering="crispEdges"
  >
    ${svg`<path d=${path} fill="#000" />`}
  </svg>`;
}
