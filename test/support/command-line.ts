/** Options of a script: understood, or explained. */
import { type ParseArgsConfig, parseArgs } from 'node:util';

/** `undefined` when there is nothing to do: usage was told, and the exit code set. */
export function understood<const C extends ParseArgsConfig>(
  usage: string,
  config: C,
): ReturnType<typeof parseArgs<C>> | undefined {
  try {
    const parsed = parseArgs(config);
    if ((parsed.values as { readonly help?: unknown }).help !== true) return parsed;
    process.stdout.write(usage);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exitCode = 2;
  }
  return undefined;
}
