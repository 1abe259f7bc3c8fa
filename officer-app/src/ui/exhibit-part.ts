/** An item's exhibit reference and the seal of its bag, typed or read from the barcode. */
import { html, nothing, type TemplateResult } from 'lit';
import type { ItemForm } from '../capture/item';
import { textField } from './fields';
import './seal-scanner';
import { canScanBarcodes } from './seal-scanner';

export interface ExhibitActions {
  change: (change: Partial<ItemForm>) => void;
  /** Ask for the reference of this item. */
  give: () => void;
  scan: (isOpen: boolean) => void;
}

export function exhibitPart({
  id,
  form,
  index,
  isScanning,
  actions,
}: {
  id: string;
  form: ItemForm;
  index: number;
  isScanning: boolean;
  actions: ExhibitActions;
}): TemplateResult {
  const reference = form.exhibitReference ?? '';
  if (reference === '')
    return html`<button
      type="button"
      class="plain"
      data-testid="give-exhibit"
      @click=${actions.give}
    >
      Give an exhibit reference
    </button>`;
  return html`<div class="exhibit">
    <p>Exhibit <strong class="reference" data-testid="exhibit-reference">${reference}</strong></p>
    <p class="hint">Write it on the bag or label. It’s never used again.</p>
    ${textField({
      id: `seal-${id}`,
      label: 'Seal number of its bag (optional)',
      errors: [],
      value: form.sealNumber ?? '',
      maxlength: 40,
      capitals: 'characters',
      onInput: (sealNumber) => {
        actions.change({ sealNumber });
      },
    })}
    ${
      isScanning
        ? html`<bl-seal-scanner
            @seal=${(e: CustomEvent<string>) => {
              actions.change({ sealNumber: e.detail });
              actions.scan(false);
            }}
          ></bl-seal-scanner>`
        : nothing
    }
    <div class="row">
      ${
        canScanBarcodes()
          ? html`<button
              type="button"
              class="plain"
              data-testid="scan-seal"
              @click=${() => {
                actions.scan(!isScanning);
              }}
            >
              ${isScanning ? 'Stop scanning' : 'Scan the seal'}
            </button>`
          : nothing
      }
      <button
        type="button"
        class="plain"
        data-testid="no-exhibit"
        @click=${() => {
          actions.change({ exhibitReference: '', sealNumber: '' });
        }}
      >
        Not an exhibit<span class="quiet">: number ${String(index + 1)}</span>
      </button>
    </div>
  </div>`;
}
