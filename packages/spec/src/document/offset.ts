import type { Mistake } from '../errors.ts'

/** A mistake that has an offset in the text but no path, for example a key that is a list. */
export class OffsetMistake extends Error {
  readonly mistake: Mistake
  readonly offset: number

  constructor(mistake: Mistake, offset: number) {
    super(mistake.code)
    this.mistake = mistake
    this.offset = offset
  }
}
