/** The server's API for this app (/api/officer/v1). Each call returns its answer or throws one of three errors. */
import { deviceNow } from '../capture/clock';
import type { StreetList } from '../capture/streets';
import type { CrimeReceipt, Receipt } from '../outbox/outbox';
import {
  busyMessage,
  DeviceRefused,
  GuestNetwork,
  NoSignal,
  Refused,
  SignedOut,
  TryLater,
} from './errors';
import { formatPostcode } from '../capture/crime';
import type { Offence } from '../capture/offences';
import type { TaskLine } from '../capture/tasks';
import type { VisitLine } from '../capture/visit';
import type { LookUpResult } from '../capture/look-up';
import type { WipeAnswer } from '../store/wipe';
import type { CrimeLine, Device, FoundPlace, LeaseList, Me, QuestionSetList } from './api-types';
import type { DeviceReport } from './device-report';
import type { DeviceSigner, WipeOrder } from './device-signer';

export type { CrimeLine, Device, FoundPlace, LeaseList, Me, QuestionSetList } from './api-types';
export { DeviceRefused, GuestNetwork, NoSignal, Refused, SignedOut, TryLater } from './errors';

/** The server could not check the phone's signature: its challenge was too old. */
class ProofRefused extends Error {}

interface Problem {
  type?: string;
  title?: string;
  detail?: string;
  errors?: { field?: string; message?: string }[];
}

const PERMANENT_FAILURES = new Set([404, 409, 413, 415, 422]);
const TIMEOUT_MS = 30_000;
const LONG_TIMEOUT_MS = 600_000;

/** Under https a cookie's name begins with `__Host-`. */
function readCookie(name: string): string {
  const names = [name, `__Host-${name}`];
  const found = document.cookie
    .split('; ')
    .find((pair) => names.includes(pair.slice(0, pair.indexOf('='))));
  return found === undefined ? '' : decodeURIComponent(found.slice(found.indexOf('=') + 1));
}

const DEVICE_STATES = new Map([
  ['urn:bluelamp:device-not-enrolled', 'not-enrolled'],
  ['urn:bluelamp:device-blocked', 'blocked'],
] as const);

/** Say whether our server gave this answer, and not something between it and the phone. */
function isOurProblem(response: Response): boolean {
  return response.headers.get('Content-Type')?.startsWith('application/problem+json') === true;
}

/** A 403: this phone, its signature, or what the officer may do. */
async function throwForbidden(response: Response): Promise<never> {
  const problem = (await response.json()) as Problem;
  const type = problem.type ?? '';
  if (type === 'urn:bluelamp:device-proof-invalid') throw new ProofRefused(problem.detail);
  for (const [name, state] of DEVICE_STATES)
    if (type === name) throw new DeviceRefused(problem.detail ?? '', state);
  throw new Refused('Your account does not let you do this.', 403);
}

const NUMBER_FIELD = /(^|\.)(number|lease_id|device_id)$/;

async function toRefused(response: Response): Promise<Refused> {
  const { status } = response;
  const problem = await (response.json() as Promise<Problem | null>).catch((): Problem => ({}));
  const errors = problem?.errors ?? [];
  const fields = errors.flatMap((error) => (error.message === undefined ? [] : [error.message]));
  const words = fields.length > 0 ? fields.join(' ') : (problem?.detail ?? problem?.title ?? '');
  return new Refused(
    words === '' ? `The server did not accept it (${String(status)}).` : words,
    status,
    errors.some((error) => NUMBER_FIELD.test(error.field ?? '')),
  );
}

export async function parseResponse(response: Response): Promise<unknown> {
  const { status } = response;
  // Our API never redirects: this is a café's login page.
  if (response.type === 'opaqueredirect') throw new GuestNetwork();
  if (status === 401 && isOurProblem(response)) throw new SignedOut('Your session has ended.');
  if (status === 304) return null;
  // A refusal is for ever, so it has to be our own.
  if (status >= 400 && status < 500 && status !== 429 && !isOurProblem(response))
    throw new GuestNetwork();
  if (PERMANENT_FAILURES.has(status)) throw await toRefused(response);
  if (status === 403) return throwForbidden(response);
  if (!response.ok) throw new TryLater(busyMessage(status));
  try {
    return await response.json();
  } catch {
    throw new GuestNetwork();
  }
}

interface CallInit {
  method?: string;
  body?: string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
  timeoutMs?: number;
}

interface Answer {
  body: unknown;
  headers: Headers;
}

/** Where to send a file, and the token that lets it in. */
export interface UploadTarget {
  token: string;
  endpoint: string;
}

/** The receipt of a capture, and for one with a file where that goes. */
export interface CaptureAnswer {
  receipt: CrimeReceipt;
  upload?: UploadTarget;
}

export class Api {
  constructor(
    readonly device: DeviceSigner | null = null,
    private readonly send: typeof fetch = (input, init) => fetch(input, init),
  ) {}

  /** With `officerId` the server answers 401 if somebody else has signed in on this phone since. */
  async call(path: string, init: CallInit = {}, officerId?: string): Promise<unknown> {
    return (await this.callForAnswer(path, init, officerId)).body;
  }

  private async callForAnswer(path: string, init: CallInit, officerId?: string): Promise<Answer> {
    try {
      return await this.callOnce(path, init, officerId);
    } catch (error) {
      if (!(error instanceof ProofRefused)) throw error;
      await this.getMe();
      return await this.callOnce(path, init, officerId).catch((again: unknown) => {
        throw again instanceof ProofRefused
          ? new TryLater('Our server could not check where this came from.')
          : again;
      });
    }
  }

  private async callOnce(path: string, init: CallInit, officerId?: string): Promise<Answer> {
    const url = `/api/officer/v1/${path}`;
    const proof = await this.device?.headers(
      init.method ?? 'GET',
      url.replace(/\?.*/, ''),
      init.body ?? '',
    );
    let response: Response;
    try {
      response = await this.send(url, {
        ...init,
        credentials: 'same-origin',
        redirect: 'manual',
        cache: 'no-store',
        signal: AbortSignal.timeout(init.timeoutMs ?? TIMEOUT_MS),
        headers: {
          Accept: 'application/json',
          'X-CSRFToken': typeof document === 'undefined' ? '' : readCookie('bluelamp_csrf'),
          ...proof,
          ...(officerId === undefined ? {} : { 'X-Officer-Id': officerId }),
          ...init.headers,
        },
      });
    } catch {
      throw new NoSignal();
    }
    return { body: await parseResponse(response), headers: response.headers };
  }

  post(path: string, body: unknown, officerId: string): Promise<unknown> {
    return this.call(
      path,
      {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'Content-Type': 'application/json' },
      },
      officerId,
    );
  }

  async getMe(): Promise<Me> {
    const me = (await this.call('me')) as Partial<Me> | null;
    if (typeof me?.id !== 'string') throw new GuestNetwork();
    if (this.device !== null) this.device.challenge = me.challenge ?? '';
    return me as Me;
  }

  /** An id of the present sign-in: it changes with each one. Empty where nobody has signed in. */
  sessionId(): string {
    return readCookie('bluelamp_csrf');
  }

  /** Ends the session. Throws `TryLater` without signal. */
  async signOut(): Promise<void> {
    try {
      const csrf = { 'X-CSRFToken': readCookie('bluelamp_csrf') };
      const response = await this.send('/sign-out/', {
        method: 'POST',
        credentials: 'same-origin',
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: csrf,
      });
      if (response.type !== 'opaqueredirect' && !response.ok)
        throw new Error(String(response.status));
    } catch {
      throw new NoSignal();
    }
  }

  /** Enrol this phone to the officer who is signed in. */
  async enrolDevice(name: string, officerId: string): Promise<Device> {
    if (this.device === null) throw new TryLater('This phone has no key.');
    const about = {
      device_id: this.device.deviceId,
      name,
      public_key: await this.device.publicKey(),
    };
    return (await this.post('devices', about, officerId)) as Device;
  }

  /** How this phone stands for an officer. Nobody needs to be signed in. */
  async getDeviceState(deviceId: string, officerId: string): Promise<string> {
    const answer = await this.call(`devices/${deviceId}/officers/${officerId}`);
    return (answer as { state?: string } | null)?.state ?? '';
  }

  /** The nonce of the desk's order to wipe this phone; empty where there is none. Nobody needs to be signed in. */
  async getWipeOrder(deviceId: string, officerId: string): Promise<string> {
    const answer = await this.call(`devices/${deviceId}/officers/${officerId}`);
    return (answer as { wipe?: string } | null)?.wipe ?? '';
  }

  /** Sign that this phone wipes itself, as it was ordered to. */
  async signWipe(order: WipeOrder): Promise<WipeAnswer> {
    if (this.device === null) throw new TryLater('This phone has no key.');
    return this.device.answerWipe(order);
  }

  /** Tell the server that this phone wipes itself. Throws where it did not hear that. */
  async sendWiped({ path, body }: WipeAnswer): Promise<'wiped' | 'taken-back'> {
    try {
      const response = await this.send(`/api/officer/v1/${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
        credentials: 'omit',
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: { 'Content-Type': 'application/json' },
      });
      if (response.status === 204) return 'wiped';
      if (response.status === 404 && isOurProblem(response)) return 'taken-back';
      throw new TryLater(busyMessage(response.status));
    } catch (error) {
      throw error instanceof TryLater ? error : new NoSignal();
    }
  }

  async sendReport(deviceId: string, report: DeviceReport, officerId: string): Promise<void> {
    await this.post(`devices/${deviceId}/status`, report, officerId);
  }

  async getLeases(deviceId: string, want: number, officerId: string): Promise<LeaseList> {
    return (await this.post('leases', { device_id: deviceId, want }, officerId)) as LeaseList;
  }

  /** The exhibit references that the officer may give here. `usedUpTo` is the highest serial given. */
  async getExhibitReferences(
    deviceId: string,
    usedUpTo: number,
    officerId: string,
  ): Promise<string[]> {
    const body = { device_id: deviceId, used_up_to: usedUpTo };
    const answer = await this.post('exhibit-references', body, officerId);
    return (answer as { references: string[] }).references;
  }

  async getOffences(): Promise<{ edition: string; offences: Offence[] }> {
    return (await this.call('offences')) as { edition: string; offences: Offence[] };
  }

  /** A fifth of a megabyte: over a slow line it takes longer than anything else. */
  async getStreets(): Promise<StreetList> {
    return (await this.call('streets', { timeoutMs: LONG_TIMEOUT_MS })) as StreetList;
  }

  /** Null where the phone has this edition. */
  async getQuestionSets(edition: string): Promise<QuestionSetList | null> {
    const headers = edition === '' ? {} : { 'If-None-Match': `"${edition}"` };
    return (await this.call('question-sets', { headers })) as QuestionSetList | null;
  }

  async findPlaces(typed: string): Promise<FoundPlace[]> {
    return ((await this.call(`places?q=${encodeURIComponent(typed)}`)) as { places: FoundPlace[] })
      .places;
  }

  /** Null without signal, or where nobody knows the postcode. */
  async lookUpPostcode(postcode: string): Promise<FoundPlace | null> {
    const wanted = formatPostcode(postcode);
    const places = await this.findPlaces(wanted).catch(() => []);
    return places.find((place) => formatPostcode(place.postcode) === wanted) ?? null;
  }

  /** Nothing of the answer is stored on the phone. */
  async lookUp(words: string, reason: string, officerId: string): Promise<LookUpResult> {
    return (await this.post('look-ups', { q: words, reason }, officerId)) as LookUpResult;
  }

  async getMyCrimes(officerId: string): Promise<CrimeLine[]> {
    return ((await this.call('crimes/mine', {}, officerId)) as { crimes: CrimeLine[] }).crimes;
  }

  async getMyVisits(officerId: string): Promise<VisitLine[]> {
    return ((await this.call('visits/mine', {}, officerId)) as { visits: VisitLine[] }).visits;
  }

  async getMyTasks(officerId: string): Promise<TaskLine[]> {
    return ((await this.call('tasks/mine', {}, officerId)) as { tasks: TaskLine[] }).tasks;
  }

  async putCapture(
    id: string,
    bytes: Uint8Array<ArrayBuffer>,
    sha256: string,
    officerId: string,
  ): Promise<CaptureAnswer> {
    const { body, headers } = await this.callForAnswer(
      `captures/${id}`,
      {
        method: 'PUT',
        body: bytes,
        headers: {
          'Content-Type': 'application/json',
          'X-Content-SHA256': sha256,
          // By its own clock, so that the server can measure how wrong that is.
          'X-Device-Time': new Date(deviceNow()).toISOString(),
        },
      },
      officerId,
    );
    const receipt = body as CrimeReceipt;
    const token = headers.get('Upload-Token');
    return token === null ? { receipt } : { receipt, upload: { token, endpoint: '/uploads/' } };
  }

  async createUploadToken(
    about: { item_id: string; filename: string; size: number; sha256: string },
    officerId: string,
  ): Promise<UploadTarget> {
    return (await this.post('upload-tokens', about, officerId)) as UploadTarget;
  }

  async getItemReceipt(id: string, officerId: string): Promise<Receipt> {
    return (await this.call(`items/${id}/receipt`, {}, officerId)) as Receipt;
  }
}
