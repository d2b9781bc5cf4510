/** A scene on a real kube-apiserver; where there is none it says so, and no bar of it is met. */
import { type Binaries, findBinaries } from '../cluster/binaries.ts';
import type { Conditions, Row, Scene } from './row.ts';

export type Bar = Pick<Row, 'measure' | 'bar'>;
export type Measured = Pick<Row, 'measured' | 'isMet'>;

export interface ClusterScene {
  readonly name: string;
  readonly bars: readonly Bar[];
  /** @returns one for each bar, in their order */
  readonly play: (conditions: Conditions, binaries: Binaries) => Promise<readonly Measured[]>;
}

const NOT_MEASURED: Measured = { measured: 'no kube-apiserver', isMet: undefined };

export function clusterScene({ name, bars, play }: ClusterScene): Scene {
  return {
    name: `cluster-${name}`,
    play: async (conditions) => {
      const lookup = await findBinaries(conditions.say);
      if (lookup.kind === 'found') {
        const measured = await play(conditions, lookup.binaries);
        return bars.map((bar, at) => ({ ...bar, ...(measured[at] ?? NOT_MEASURED) }));
      }
      conditions.say(`cluster-${name}: NOT MEASURED: ${lookup.reason}`);
      return bars.map((bar) => ({ ...bar, ...NOT_MEASURED }));
    },
  };
}
