import type { Mistake } from '../errors.ts'

/** A mistake that only an offset in the text can locate. For example, a wrong key has no path. */
export class OffsetMistake extends Error {
  readonly mistake: Mistake
  readonly offset: number

  constructor(mistake: Mistake, offset: number) {
    super(mistake.code)
    this.mistake = mistake
    this.offset = offset
  }
}
