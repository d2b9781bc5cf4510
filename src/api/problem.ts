/** One field that cannot be used, and what it must be. */
export interface Problem {
  readonly field: string;
  readonly message: string;
}
