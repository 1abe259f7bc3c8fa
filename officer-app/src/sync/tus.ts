/**
 * A file by tus 1.0, in pieces as large as the line can take. It goes on where it stopped, also after the app was closed.
 *
 * The server says in the answer to the last piece that it has the whole file and with which hash: that is its receipt.
 */
import { deviceNow } from '../capture/clock';
import { base64 } from '../capture/hash';
import type { Receipt } from '../outbox/outbox';
import { busyMessage, GuestNetwork, NoSignal, Refused, TryLater } from './errors';
import type { Line } from './line';

const PIECE_TIMEOUT_MS = 120_000;
const PAUSE_MS = 1_000;

export interface FileToSend {
  id: string;
  filename: string;
  mediaType: string;
  sha256: string;
  size: number;
  token: string;
  endpoint: string;
  /** Read a part of it from the phone's store. */
  read: (offset: number, length: number) => Promise<Uint8Array<ArrayBuffer>>;
  /** From an earlier try: the upload continues where it stopped. */
  uploadUrl: string | null;
  onUploadUrl: (url: string) => Promise<void>;
  /** Called after each piece, with how many bytes the server has. */
  onProgress: (sent: number) => Promise<void>;
  /** Waited for before each piece, so that something more urgent goes first. */
  beforePiece: () => Promise<void>;
}

/** Sends a file. Null where the server has every byte and gave no receipt: then it has to be asked for. */
export type SendFile = (file: FileToSend) => Promise<Receipt | null>;

/** An answer of the server's that is worth looking at where the upload stands, and going on. */
class PieceLost extends Error {
  constructor(readonly reason: TryLater) {
    super(reason.message);
  }
}

type Headers = Record<string, string>;

export class TusClient {
  constructor(
    private readonly line: Line,
    private readonly send: typeof fetch = (input, init) => fetch(input, init),
    private readonly now: () => number = deviceNow,
    private readonly pause: () => Promise<void> = () =>
      new Promise((resolve) => setTimeout(resolve, PAUSE_MS)),
  ) {}

  readonly sendFile: SendFile = async (file) => {
    let url = file.uploadUrl;
    let offset = 0;
    if (url !== null) {
      const status = await this.getStatus(file, url);
      if (status.receipt !== null) return status.receipt;
      offset = status.offset;
    }
    // How far it was when a piece was last lost: while it gets further, it goes on.
    let lostAt = -1;
    while (url === null || offset < file.size) {
      await file.beforePiece();
      try {
        const response: Response = await this.sendPiece(file, url, offset);
        const created = response.headers.get('Location');
        if (url === null && created !== null) {
          url = created;
          await file.onUploadUrl(created);
        }
        const receipt = readReceipt(response);
        if (receipt !== null) return receipt;
        offset = Number(response.headers.get('Upload-Offset') ?? offset);
        // Where the server had the item already, it has no upload to go on with.
        if (url === null) throw new TryLater('Our server gave no address for the file.', true);
      } catch (error) {
        if (!(error instanceof PieceLost) || (url === null && this.line.isBad)) throw unwrap(error);
        this.line.broke();
        await this.pause();
        // The answer that had its address was lost: it is created again, now without a piece.
        if (url === null) continue;
        const status = await this.getStatus(file, url);
        if (status.receipt !== null) return status.receipt;
        offset = status.offset;
        if (offset <= lostAt) throw error.reason;
        lostAt = offset;
      }
      await file.onProgress(offset);
    }
    return null;
  };

  /** Send the next piece: with the request that creates the upload, where the line was good so far. */
  private async sendPiece(file: FileToSend, url: string | null, offset: number): Promise<Response> {
    const isNew = url === null;
    const most = isNew ? this.line.firstPieceBytes : this.line.pieceBytes;
    const size = Math.min(most, file.size - offset);
    const piece = await file.read(offset, size);
    const headers: Headers = {
      ...(isNew ? creationHeaders(file) : { 'Upload-Offset': String(offset) }),
      ...(size > 0 ? { 'Content-Type': 'application/offset+octet-stream' } : {}),
    };
    if (size > 0 && this.line.mustCheckPieces)
      headers['Upload-Checksum'] = `sha256 ${base64(await crypto.subtle.digest('SHA-256', piece))}`;
    const startedAt = this.now();
    const response = await this.request(
      file,
      isNew ? 'POST' : 'PATCH',
      url ?? file.endpoint,
      headers,
      size > 0 ? piece : undefined,
    );
    if (size > 0) this.line.arrived(this.now() - startedAt);
    return response;
  }

  /** Ask how much of it the server has. Throws `TryLater` to start again where it has no such upload any more. */
  private async getStatus(
    file: FileToSend,
    url: string,
  ): Promise<{ offset: number; receipt: Receipt | null }> {
    const response = await this.request(file, 'HEAD', url, {}).catch((error: unknown) => {
      throw unwrap(error);
    });
    return {
      offset: Number(response.headers.get('Upload-Offset') ?? 0),
      receipt: readReceipt(response),
    };
  }

  private async request(
    file: FileToSend,
    method: string,
    url: string,
    headers: Headers,
    body?: Uint8Array<ArrayBuffer>,
  ): Promise<Response> {
    let response: Response;
    try {
      response = await this.send(url, {
        method,
        // The token says who sends. Without cookies these requests have connections of their own, see below.
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
        redirect: 'manual',
        cache: 'no-store',
        // On a bad signal a request can hang for ever: fail, so that it is tried again.
        signal: AbortSignal.timeout(PIECE_TIMEOUT_MS),
        headers: {
          'Tus-Resumable': '1.0.0',
          'Upload-Token': file.token,
          // A browser sends a request again by itself if a connection breaks that it had used before, and what had
          // arrived arrives twice. So on a bad line none is used twice.
          ...(this.line.isBad ? { 'Upload-Connection': 'close' } : {}),
          ...headers,
        },
        ...(body === undefined ? {} : { body }),
      });
    } catch {
      throw new PieceLost(new NoSignal());
    }
    if (response.type === 'opaqueredirect') throw new GuestNetwork();
    // A login page's 200 has nothing of this.
    if (response.ok) {
      if (response.headers.get('Tus-Resumable') === null) throw new GuestNetwork();
      return response;
    }
    throw this.toError(response.status, method);
  }

  private toError(status: number, method: string): Error {
    // The file as a whole, not this piece, was damaged or is gone: only then does an upload start again.
    if (status === 404 || status === 410) {
      this.line.damaged();
      return new TryLater('Our server no longer has what was sent of it.', true);
    }
    if (status === 413 || status === 415 || status === 422 || status === 403)
      return new Refused('The server does not accept this file.', status);
    if (status === 409 && method === 'POST')
      return new Refused('The server already has a different file for this.', status);
    const later = new TryLater(busyMessage(status));
    // 408, 409 and 460: a piece that broke off, came twice or was damaged on the way.
    return method === 'HEAD' || status >= 500 || status === 401 ? later : new PieceLost(later);
  }
}

function unwrap(error: unknown): unknown {
  return error instanceof PieceLost ? error.reason : error;
}

function creationHeaders(file: FileToSend): Headers {
  const metadata = {
    filename: file.filename,
    filetype: file.mediaType,
    sha256: file.sha256,
    item: file.id,
  };
  const utf8 = (text: string): string => base64(new TextEncoder().encode(text).buffer);
  return {
    'Upload-Length': String(file.size),
    'Upload-Metadata': Object.entries(metadata)
      .map(([key, value]) => `${key} ${utf8(value)}`)
      .join(','),
  };
}

/** The receipt in an answer's headers, where the server has the whole file. */
function readReceipt({ headers }: Response): Receipt | null {
  const id = headers.get('Bluelamp-Item');
  const sha256 = headers.get('Bluelamp-Sha256');
  const receivedAt = headers.get('Bluelamp-Received-At');
  if (id === null || sha256 === null || receivedAt === null) return null;
  return { id, sha256, received_at: receivedAt };
}
