/** Changes of `src/core` that StrykerJS makes and that no test has to notice, each with the reason. */
export interface Equivalent {
  /** Below `src/core`. */
  readonly file: string;
  /** The line that is changed, less the white space around it. */
  readonly line: string;
  /** `before -> after`, as it is told when it survives. */
  readonly change: string;
  readonly because: string;
}

export const EQUIVALENTS: readonly Equivalent[] = [];
