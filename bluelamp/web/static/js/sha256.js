// SHA-256 of a file on the device (FIPS 180-4). WebCrypto needs the whole file in memory and a page served over TLS: a
// larger file, or one on a demonstration without TLS, is hashed here, one chunk after the other.
const MAX_IN_MEMORY = 256 * 1024 * 1024; // bytes
const CHUNK_SIZE = 4 * 1024 * 1024; // bytes

const PRIMES = (() => {
  const primes = [];
  for (let n = 2; primes.length < 64; n += 1) if (primes.every((p) => n % p)) primes.push(n);
  return primes;
})();
const fraction = (x) => ((x - Math.floor(x)) * 2 ** 32) | 0;
const INITIAL_STATE = PRIMES.slice(0, 8).map((p) => fraction(Math.sqrt(p)));
const ROUND_CONSTANTS = new Int32Array(PRIMES.map((p) => fraction(Math.cbrt(p))));
const schedule = new Int32Array(64);

function compress(state, view, offset) {
  for (let i = 0; i < 16; i += 1) schedule[i] = view.getInt32(offset + i * 4);
  for (let i = 16; i < 64; i += 1) {
    const a = schedule[i - 15];
    const b = schedule[i - 2];
    const s0 = ((a >>> 7) | (a << 25)) ^ ((a >>> 18) | (a << 14)) ^ (a >>> 3);
    const s1 = ((b >>> 17) | (b << 15)) ^ ((b >>> 19) | (b << 13)) ^ (b >>> 10);
    schedule[i] = (schedule[i - 16] + s0 + schedule[i - 7] + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i += 1) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + ROUND_CONSTANTS[i] + schedule[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((value, i) => (state[i] = (state[i] + value) | 0));
}

export async function sha256InChunks(file, onProgress = () => {}) {
  const state = Int32Array.from(INITIAL_STATE);
  for (let at = 0; at < file.size; at += CHUNK_SIZE) {
    const view = new DataView(await file.slice(at, at + CHUNK_SIZE).arrayBuffer());
    for (let offset = 0; offset + 64 <= view.byteLength; offset += 64) compress(state, view, offset);
    onProgress(Math.min(at + CHUNK_SIZE, file.size));
  }
  // The padding: a one bit, zeros, and the length in bits as the last eight bytes.
  const rest = new Uint8Array(await file.slice(file.size - (file.size % 64)).arrayBuffer());
  const last = new Uint8Array(rest.length < 56 ? 64 : 128);
  last.set(rest);
  last[rest.length] = 0x80;
  const view = new DataView(last.buffer);
  view.setBigUint64(last.length - 8, BigInt(file.size) * 8n);
  for (let offset = 0; offset < last.length; offset += 64) compress(state, view, offset);
  return [...state].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

export async function sha256(file, onProgress = () => {}) {
  if (!globalThis.crypto?.subtle || file.size > MAX_IN_MEMORY) return sha256InChunks(file, onProgress);
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
