/** Preloaded with `--import`: the wall clock of this process goes wrong by SHIFTED_CLOCK_MS. */
const RealDate = Date;
const shiftMs = Number(process.env['SHIFTED_CLOCK_MS']);

class ShiftedDate extends RealDate {
  constructor(...given: readonly [] | readonly [value: string | number | Date]) {
    if (given.length === 0) super(ShiftedDate.now());
    else super(given[0]);
  }

  static override now(): number {
    return RealDate.now() + shiftMs;
  }
}

globalThis.Date = ShiftedDate as DateConstructor;
