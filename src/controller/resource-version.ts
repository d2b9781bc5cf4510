/**
 * What may be read off two resourceVersions of one kind of resource. Positive integers are
 * comparable (KEP-5504); of anything else only equality means something, and then both questions
 * below are answered with no.
 */

/** 128 bits are promised; what is longer would cost more to compare than it may. */
const COMPARABLE = /^(?:0|[1-9][0-9]{0,38})$/;

/** @returns true only when `left` is provably older than `right` */
export function isOlder(left: string, right: string): boolean {
  return COMPARABLE.test(left) && COMPARABLE.test(right) && BigInt(left) < BigInt(right);
}

/** @returns true only when `left` is provably newer than `right` */
export function isNewer(left: string, right: string): boolean {
  return isOlder(right, left);
}
