/** The server's answers to this app (/api/officer/v1), each as one of four plain outcomes. No rules, no database. */
import type { CrimeReceipt, Receipt } from '../outbox/outbox';
import type { Lease } from '../store/store';
import type { Offence } from '../capture/offences';

export interface Me {
  id: string;
  name: string;
  collar: string;
  rank: string;
  force: string;
  force_name: string;
  unit: string;
  initials: string;
  server_time: string;
}

export interface CrimeLine {
  id: string;
  number: string;
  offence: string;
  place: string;
  recorded_at: string;
  victim_name: string;
  /** Where the server gives it, a statement names the same person record. */
  victim_person_id?: string | null;
}

export interface FoundPlace {
  postcode: string;
  easting: number;
  northing: number;
  latitude: number;
  longitude: number;
  borough: string;
}

/** The session has ended; sign in and go on. Nothing is lost. */
export class SignedOut extends Error {}
/** The server read it and will never take these bytes. The words are for the officer. */
export class Refused extends Error {
  /** `isOfNumber`: what it would not take is the crime number, which nobody can mend on the phone. */
  constructor(message: string, readonly status: number, readonly isOfNumber = false) {
    super(message);
  }
}
/** No signal, a busy server, a café's login page: anything that may be otherwise in a minute. */
export class TryLater extends Error {
  /** `startAgain`: the bytes that arrived were not those that left, so a started upload is of no use. */
  constructor(message: string, readonly startAgain = false) {
    super(message);
  }
}

interface Problem {
  title?: string;
  detail?: string;
  errors?: { field?: string; message?: string }[];
}

const NEVER = new Set([409, 413, 415, 422]);
const TIMEOUT_MS = 30_000;

function cookie(name: string): string {
  const found = document.cookie.split('; ').find((pair) => pair.startsWith(`${name}=`));
  return found === undefined ? '' : decodeURIComponent(found.slice(name.length + 1));
}

const NUMBER = /(^|\.)(number|lease_id|device_id)$/;

async function refusal(response: Response): Promise<Refused> {
  const { status } = response;
  const problem = await (response.json() as Promise<Problem | null>).catch((): Problem => ({}));
  const errors = problem?.errors ?? [];
  const fields = errors.flatMap((error) => (error.message === undefined ? [] : [error.message]));
  const words = fields.length > 0 ? fields.join(' ') : (problem?.detail ?? problem?.title ?? '');
  return new Refused(words === '' ? `The server would not take it (${String(status)}).` : words, status, errors.some((error) => NUMBER.test(error.field ?? '')));
}

export async function outcomeOf(response: Response): Promise<unknown> {
  // A redirect is the way to the sign-in page: followed by hand, never by fetch.
  if (response.type === 'opaqueredirect' || response.status === 401) throw new SignedOut('Your session has ended.');
  if (NEVER.has(response.status)) throw await refusal(response);
  if (!response.ok) throw new TryLater(`The server could not take it just now (${String(response.status)}).`);
  try {
    return await response.json();
  } catch {
    throw new TryLater('The answer did not come from our server. Is this a guest network?');
  }
}

export class Api {
  constructor(private readonly send: typeof fetch = (input, init) => fetch(input, init)) {}

  /** With `officerId` the server answers 401 where somebody else has signed in on this phone meanwhile. */
  private async call(path: string, init: RequestInit = {}, officerId?: string): Promise<unknown> {
    let response: Response;
    try {
      response = await this.send(`/api/officer/v1/${path}`, {
        ...init,
        credentials: 'same-origin',
        redirect: 'manual',
        cache: 'no-store',
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: {
          Accept: 'application/json',
          'X-CSRFToken': typeof document === 'undefined' ? '' : cookie('bluelamp_csrf'),
          ...(officerId === undefined ? {} : { 'X-Officer-Id': officerId }),
          ...(init.headers as Record<string, string> | undefined),
        },
      });
    } catch {
      throw new TryLater('No signal.');
    }
    return outcomeOf(response);
  }

  private post(path: string, body: unknown, officerId: string): Promise<unknown> {
    return this.call(path, { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }, officerId);
  }

  async me(): Promise<Me> {
    const me = (await this.call('me')) as Partial<Me> | null;
    if (typeof me?.id !== 'string') throw new TryLater('The answer did not come from our server.');
    return me as Me;
  }

  /** Which sign-in this is: another begins with another. Empty where nobody has been here. */
  session(): string {
    return cookie('bluelamp_csrf');
  }

  /** Ends the session. Throws `TryLater` without signal. */
  async signOut(): Promise<void> {
    try {
      const csrf = { 'X-CSRFToken': cookie('bluelamp_csrf') };
      const response = await this.send('/sign-out/', { method: 'POST', credentials: 'same-origin', redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS), headers: csrf });
      if (response.type !== 'opaqueredirect' && !response.ok) throw new Error(String(response.status));
    } catch {
      throw new TryLater('No signal.');
    }
  }

  async leases(deviceId: string, want: number, officerId: string): Promise<Lease[]> {
    return ((await this.post('leases', { device_id: deviceId, want }, officerId)) as { leases: Lease[] }).leases;
  }

  async offences(): Promise<{ edition: string; offences: Offence[] }> {
    return (await this.call('offences')) as { edition: string; offences: Offence[] };
  }

  async places(typed: string): Promise<FoundPlace[]> {
    return ((await this.call(`places?q=${encodeURIComponent(typed)}`)) as { places: FoundPlace[] }).places;
  }

  async myCrimes(officerId: string): Promise<CrimeLine[]> {
    return ((await this.call('crimes/mine', {}, officerId)) as { crimes: CrimeLine[] }).crimes;
  }

  async putCapture(id: string, bytes: Uint8Array<ArrayBuffer>, sha256: string, officerId: string): Promise<CrimeReceipt> {
    return (await this.call(`captures/${id}`, {
      method: 'PUT',
      body: bytes,
      headers: { 'Content-Type': 'application/json', 'X-Content-SHA256': sha256 },
    }, officerId)) as CrimeReceipt;
  }

  async uploadToken(about: { item_id: string; filename: string; size: number; sha256: string }, officerId: string): Promise<{ token: string; endpoint: string }> {
    return (await this.post('upload-tokens', about, officerId)) as { token: string; endpoint: string };
  }

  async itemReceipt(id: string): Promise<Receipt> {
    return (await this.call(`items/${id}/receipt`)) as Receipt;
  }
}
