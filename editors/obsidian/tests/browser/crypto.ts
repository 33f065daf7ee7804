/** Replaces `node:crypto` in a browser, where digests are only asynchronous. */

const K = Array.from({ length: 64 }, (_, i) => Math.floor((Math.cbrt(prime(i)) % 1) * 2 ** 32));
const START = Array.from({ length: 8 }, (_, i) => Math.floor((Math.sqrt(prime(i)) % 1) * 2 ** 32));

function prime(index: number): number {
  for (let number = 2, seen = 0; ; number++) {
    let isPrime = true;
    for (let i = 2; i * i <= number; i++) {
      isPrime &&= number % i !== 0;
    }
    if (isPrime && seen++ === index) {
      return number;
    }
  }
}

const turn = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

/** SHA-256. */
function digest(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const padded = new Uint8Array(((bytes.length + 8) >> 6 << 6) + 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 4, bytes.length * 8);
  const hash = [...START];
  for (let block = 0; block < padded.length; block += 64) {
    const words = Array.from({ length: 64 }, (_, i) => (i < 16 ? view.getUint32(block + i * 4) : 0));
    const at = (i: number): number => words[i] ?? 0;
    for (let i = 16; i < 64; i++) {
      const [low, high] = [at(i - 15), at(i - 2)];
      const first = turn(low, 7) ^ turn(low, 18) ^ (low >>> 3);
      const second = turn(high, 17) ^ turn(high, 19) ^ (high >>> 10);
      words[i] = (at(i - 16) + first + at(i - 7) + second) >>> 0;
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = hash;
    for (let i = 0; i < 64; i++) {
      const one = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + (K[i] ?? 0) + at(i);
      const two = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      [a, b, c, d, e, f, g, h] = [(one + two) >>> 0, a, b, c, (d + one) >>> 0, e, f, g];
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => (hash[i] = ((hash[i] ?? 0) + word) >>> 0));
  }
  return hash.map((word) => word.toString(16).padStart(8, "0")).join("");
}

export function createHash(): { update(text: string): { digest(): string } } {
  return { update: (text) => ({ digest: () => digest(text) }) };
}
