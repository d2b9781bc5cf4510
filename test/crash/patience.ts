/** Waits as tests do, only longer: that a machine is busy is no finding. */

const WITHIN_MS = 120_000;

/** Asks again when `look` has waited in vain, while `isWanted`; any other error is one. */
export async function patiently<T>(
  look: () => Promise<T>,
  isWanted: () => boolean = () => true,
): Promise<T> {
  const deadline = performance.now() + WITHIN_MS;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      const isInVain = error instanceof Error && error.message.startsWith('waited');
      if (!isInVain || performance.now() > deadline || !isWanted()) throw error;
    }
  }
}
