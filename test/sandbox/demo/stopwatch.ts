/** How long something took, in words. */
export function startStopwatch(): () => string {
  const startMs = performance.now();
  return () => `${((performance.now() - startMs) / 1_000).toFixed(1)} s`;
}
