/**
 * What may be read off two resourceVersions of one kind of resource. Positive integers are
 * comparable (KEP-5504); of anything else only equality means something, and then both questions
 * below are answered with no.
 */

/** 128 bits are promised; what is longer would cost more to compare than it may. */
const COMPARABLE = /^(?:0|[1-9][0-9]{0,38})$/;

export function isComparable(resourceVersion: string): boolean {
  return COMPARABLE.test(resourceVersion);
}

/** @returns true only when `left` is provably older than `right` */
export function isOlder(left: string, right: string): boolean {
  return isComparable(left) && isComparable(right) && BigInt(left) < BigInt(right);
}

/** @returns true only when `left` is provably newer than `right` */
export function isNewer(left: string, right: string): boolean {
  return isOlder(right, left);
}
