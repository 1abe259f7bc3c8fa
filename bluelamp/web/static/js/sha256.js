// SHA-256 of a file on the device (FIPS 180-4). WebCrypto takes no streams, so a file too large to hold in
// memory, or a page served without TLS, is hashed here in pieces.
const HELD = 256 * 1024 * 1024;
const PIECE = 4 * 1024 * 1024;

const primes = (() => {
  const found = [];
  for (let n = 2; found.length < 64; n += 1) if (found.every((p) => n % p)) found.push(n);
  return found;
})();
const fraction = (x) => ((x - Math.floor(x)) * 2 ** 32) | 0;
const START = primes.slice(0, 8).map((p) => fraction(Math.sqrt(p)));
const ROUND = new Int32Array(primes.map((p) => fraction(Math.cbrt(p))));
const words = new Int32Array(64);

function turn(state, view, offset) {
  for (let i = 0; i < 16; i += 1) words[i] = view.getInt32(offset + i * 4);
  for (let i = 16; i < 64; i += 1) {
    const a = words[i - 15];
    const b = words[i - 2];
    const s0 = ((a >>> 7) | (a << 25)) ^ ((a >>> 18) | (a << 14)) ^ (a >>> 3);
    const s1 = ((b >>> 17) | (b << 15)) ^ ((b >>> 19) | (b << 13)) ^ (b >>> 10);
    words[i] = (words[i - 16] + s0 + words[i - 7] + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i += 1) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + ROUND[i] + words[i]) | 0;
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

export async function inPieces(file, onProgress = () => {}) {
  const state = Int32Array.from(START);
  for (let at = 0; at < file.size; at += PIECE) {
    const view = new DataView(await file.slice(at, at + PIECE).arrayBuffer());
    for (let offset = 0; offset + 64 <= view.byteLength; offset += 64) turn(state, view, offset);
    onProgress(Math.min(at + PIECE, file.size));
  }
  const rest = new Uint8Array(await file.slice(file.size - (file.size % 64)).arrayBuffer());
  const last = new Uint8Array(rest.length < 56 ? 64 : 128);
  last.set(rest);
  last[rest.length] = 0x80;
  const view = new DataView(last.buffer);
  view.setBigUint64(last.length - 8, BigInt(file.size) * 8n);
  for (let offset = 0; offset < last.length; offset += 64) turn(state, view, offset);
  return [...state].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

export async function sha256(file, onProgress = () => {}) {
  if (!globalThis.crypto?.subtle || file.size > HELD) return inPieces(file, onProgress);
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
