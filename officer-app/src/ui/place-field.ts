/** Where something happened: the address, the postcode, and the phone's own position. Drawn in the page it stands in. */
import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { FieldError } from '../capture/capture';
import { formatPostcode, splitAddress } from '../capture/crime';
import { getLocation } from '../capture/devices';
import { withStreet, type FoundStreet } from '../capture/streets';
import type { AppController } from './controller';
import { textField } from './fields';
import { pin } from './icons';

export type PlaceTexts = Record<string, string>;

@customElement('bl-place-field')
export class PlaceFieldElement extends LitElement {
  @property({ attribute: false }) label = '';
  @property({ attribute: false }) hint: string | undefined;
  @property({ attribute: false }) errors: readonly FieldError[] = [];
  /** What was typed in a field, and its id, by its part: `address`, `postcode`, `easting`… */
  @property({ attribute: false }) text: (part: string) => string = () => '';
  @property({ attribute: false }) fieldId: (part: string) => string = (part) => part;
  @property({ attribute: false }) lookUp!: AppController['lookUpPostcode'];
  @property({ attribute: false }) findStreets!: AppController['findStreets'];
  @state() private message = '';
  @state() private streets: readonly FoundStreet[] = [];

  protected override createRenderRoot(): this {
    return this;
  }

  /** Tell the form what changed, by part. */
  private emitChange(change: PlaceTexts): void {
    const changed = Object.entries(change).filter(([part, text]) => this.text(part) !== text);
    if (changed.length === 0) return;
    this.dispatchEvent(
      new CustomEvent<PlaceTexts>('place', { detail: Object.fromEntries(changed) }),
    );
  }

  private async suggestStreets(address: string): Promise<void> {
    const streets = await this.findStreets(address).catch(() => []);
    // More may have been typed while the list was read.
    if (this.text('address') === address) this.streets = streets;
  }

  private pickStreet(street: FoundStreet): void {
    this.emitChange({ address: withStreet(this.text('address'), street) });
    this.streets = [];
    this.querySelector<HTMLInputElement>(`[id="${this.fieldId('address')}"]`)?.focus();
  }

  private streetChoices(): TemplateResult | typeof nothing {
    if (this.streets.length === 0) return nothing;
    return html`<div class="chips place" role="group" aria-label="Streets" data-testid="streets">
      ${this.streets.map(
        (street) =>
          html`<button
            type="button"
            class="plain"
            data-testid="street"
            @click=${() => {
              this.pickStreet(street);
            }}
          >
            ${street.name}${street.outward === '' ? '' : `, ${street.outward}`}
          </button>`,
      )}
    </div>`;
  }

  private handleAddressBlur(): void {
    const parts = this.text('postcode') === '' ? splitAddress(this.text('address')) : null;
    if (parts === null) return;
    this.emitChange({ ...parts });
    void this.handlePostcodeBlur(parts.postcode);
  }

  private async handlePostcodeBlur(typed = this.text('postcode')): Promise<void> {
    if (typed.trim() === '') return;
    const postcode = formatPostcode(typed);
    this.emitChange({ postcode });
    const place = await this.lookUp(postcode);
    // The officer may have typed something else while it was looked up.
    if (place === null || formatPostcode(this.text('postcode')) !== postcode) return;
    this.emitChange({ easting: String(place.easting), northing: String(place.northing) });
    this.message = `${postcode} is in ${place.borough}.`;
  }

  private async useMyLocation(): Promise<void> {
    this.message = 'Getting your location…';
    try {
      const { latitude, longitude, accuracy_m: accuracy } = await getLocation();
      const [x, y, metres] = [latitude, longitude, accuracy].map(String);
      this.emitChange({ latitude: x ?? '', longitude: y ?? '', accuracy_m: metres ?? '' });
      this.message = `Location added, accurate to about ${String(accuracy)} metres.`;
    } catch (error) {
      this.message = error instanceof Error ? error.message : '';
    }
  }

  override render(): TemplateResult {
    const { errors, hint } = this;
    return html`
      ${textField({
        id: this.fieldId('address'),
        label: this.label,
        ...(hint === undefined ? {} : { hint }),
        errors,
        value: this.text('address'),
        maxlength: 300,
        capitals: 'words',
        onInput: (address) => {
          this.emitChange({ address });
          void this.suggestStreets(address);
        },
        onLeave: () => {
          this.handleAddressBlur();
        },
      })}
      ${this.streetChoices()}
      ${textField({
        id: this.fieldId('postcode'),
        label: 'Postcode (if you know it)',
        errors,
        value: this.text('postcode'),
        maxlength: 10,
        capitals: 'characters',
        onInput: (postcode) => {
          // The position was that of another postcode.
          this.emitChange({ postcode, easting: '', northing: '' });
        },
        onLeave: () => void this.handlePostcodeBlur(),
      })}
      <p class="place muted" role="status" data-testid="location-message">${this.message}</p>
      <button
        type="button"
        class="plain wide place"
        data-testid="use-my-location"
        @click=${() => void this.useMyLocation()}
      >
        ${pin}Add my location
      </button>
    `;
  }
}
