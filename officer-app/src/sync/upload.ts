/**
 * A file by tus 1.0, resumable, with a SHA-256 for each piece (`Upload-Checksum`) and for the whole (metadata).
 *
 * tus-js-client has no checksum extension: its HTTP stack is wrapped here, which sees every piece just before it leaves.
 */
import {
  DefaultHttpStack,
  Upload,
  type DetailedError,
  type HttpRequest,
  type HttpResponse,
  type HttpStack,
} from 'tus-js-client';
import { base64 } from '../capture/hash';
import { NoSignal, Refused, SignedOut, TryLater } from './api';

const LARGEST_CHUNK = 1024 * 1024;
const SMALLEST_CHUNK = 32 * 1024;
const TIMEOUT_MS = 120_000;

/**
 * How much to send at once. The server keeps whole pieces alone, so on a bad line a piece must be small enough to
 * arrive: half as large after each one that did not, twice as large after each that did.
 */
export class ChunkSize {
  bytes = LARGEST_CHUNK;

  shrink(): void {
    this.bytes = Math.max(SMALLEST_CHUNK, this.bytes / 2);
  }

  grow(): void {
    this.bytes = Math.min(LARGEST_CHUNK, this.bytes * 2);
  }
}

const chunkSize = new ChunkSize();

/** The upload stopped between two pieces, because something more urgent is to be sent. It goes on afterwards. */
export class GaveWay extends Error {}

class ChecksummedRequest implements HttpRequest {
  constructor(private readonly inner: HttpRequest) {}
  getMethod(): string {
    return this.inner.getMethod();
  }
  getURL(): string {
    return this.inner.getURL();
  }
  setHeader(header: string, value: string): void {
    this.inner.setHeader(header, value);
  }
  getHeader(header: string): string | undefined {
    return this.inner.getHeader(header);
  }
  setProgressHandler(handler: (sent: number) => void): void {
    this.inner.setProgressHandler(handler);
  }
  abort(): Promise<void> {
    return this.inner.abort();
  }
  getUnderlyingObject(): unknown {
    return this.inner.getUnderlyingObject();
  }

  async send(body: Blob | null): Promise<HttpResponse> {
    if (body !== null && this.getMethod() === 'PATCH') {
      const digest = await crypto.subtle.digest('SHA-256', await body.arrayBuffer());
      this.setHeader('Upload-Checksum', `sha256 ${base64(digest)}`);
    }
    // On a bad signal a request can hang for ever: fail, so that it is tried again.
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        void this.abort();
        reject(new Error('timed out'));
      }, TIMEOUT_MS);
    });
    const isPiece = body !== null && this.getMethod() === 'PATCH';
    try {
      const response = await Promise.race([this.inner.send(body), late]);
      if (isPiece) chunkSize.grow();
      return response;
    } catch (error) {
      if (isPiece) chunkSize.shrink();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}

class ChecksummedStack implements HttpStack {
  private readonly inner = new DefaultHttpStack({});
  createRequest(method: string, url: string): HttpRequest {
    return new ChecksummedRequest(this.inner.createRequest(method, url));
  }
  getName(): string {
    return 'ChecksummedStack';
  }
}

export interface FileToSend {
  id: string;
  filename: string;
  mediaType: string;
  sha256: string;
  bytes: ArrayBuffer;
  token: string;
  endpoint: string;
  /** From an earlier try: the upload continues where it stopped. */
  uploadUrl: string | null;
  onUploadUrl: (url: string) => void;
  /** Called after each piece that the server has. */
  onProgress: () => void;
  /** Say whether something more urgent is to be sent first: then it rejects with `GaveWay`. */
  mustGiveWay: () => Promise<boolean>;
}

export type SendFile = (file: FileToSend) => Promise<void>;

/** Upload not found, gone, or a piece whose checksum did not match: only then does an upload start again. */
const START_AGAIN = new Set([404, 410, 460]);

/** Turn a failed tus request into one of the API's errors. */
function toSyncError(error: Error | DetailedError): Error {
  const response = 'originalResponse' in error ? error.originalResponse : null;
  const request = 'originalRequest' in error ? error.originalRequest : null;
  const status = response?.getStatus() ?? 0;
  if (status === 401) return new SignedOut('Your session has ended.');
  if (status === 413 || status === 415 || (status === 409 && request?.getMethod() === 'POST')) {
    return new Refused(
      status === 409
        ? 'The server already has a different file for this.'
        : 'The server does not accept this file.',
      status,
    );
  }
  if (status === 0) return new NoSignal();
  return new TryLater(
    `The server couldn’t take the photo (${String(status)}).`,
    START_AGAIN.has(status),
  );
}

/** Resolves when the server says it has every byte. That is not yet a receipt. */
export const sendFile: SendFile = (file) =>
  new Promise((resolve, reject) => {
    const upload = new Upload(new Blob([file.bytes], { type: file.mediaType }), {
      endpoint: file.endpoint,
      uploadUrl: file.uploadUrl,
      chunkSize: chunkSize.bytes,
      retryDelays: null,
      storeFingerprintForResuming: false,
      httpStack: new ChecksummedStack(),
      headers: { 'Upload-Token': file.token },
      metadata: {
        filename: file.filename,
        filetype: file.mediaType,
        sha256: file.sha256,
        token: file.token,
      },
      onUploadUrlAvailable: () => {
        if (upload.url !== null) file.onUploadUrl(upload.url);
      },
      onAfterResponse: (request, response) => {
        const offset = response.getHeader('Upload-Offset');
        if (
          request.getMethod() === 'POST' &&
          response.getStatus() === 201 &&
          Number(offset ?? -1) === file.bytes.byteLength
        ) {
          // The server has it all from an earlier try whose answer was lost.
          void upload.abort();
          resolve();
        }
      },
      onChunkComplete: (_size, sent, total) => {
        file.onProgress();
        // The last piece ends the upload by itself.
        if (sent >= total) return;
        void file.mustGiveWay().then((mustStop) => {
          if (!mustStop) return;
          void upload.abort();
          reject(new GaveWay());
        });
      },
      onSuccess: () => {
        resolve();
      },
      onError: (error) => {
        reject(toSyncError(error));
      },
    });
    upload.start();
  });
