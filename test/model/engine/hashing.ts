/** Two unlike 32-bit hashes of a row of numbers, which together are a fingerprint. */

/** One step of MurmurHash3. */
export function murmured(hash: number, item: number): number {
  const turned = hash ^ Math.imul(rotated(Math.imul(item, 0xcc9e2d51), 15), 0x1b873593);
  return (Math.imul(rotated(turned, 13), 5) + 0xe6546b64) | 0;
}

/** One step of xxHash32. */
export function shuffled(hash: number, item: number): number {
  return Math.imul(rotated((hash + Math.imul(item, 0x85ebca77)) | 0, 13), 0x9e3779b1);
}

/** The end of MurmurHash3: every bit touches every other. */
export function finished(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return (twice ^ (twice >>> 16)) >>> 0;
}

function rotated(bits: number, by: number): number {
  return (bits << by) | (bits >>> (32 - by));
}
