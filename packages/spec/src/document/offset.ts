import type { Mistake } from '../errors.ts'

/** A mistake that is located by an offset in the text, because no path can name it: the key itself is wrong. */
export class OffsetMistake extends Error {
  readonly mistake: Mistake
  readonly offset: number

  constructor(mistake: Mistake, offset: number) {
    super(mistake.code)
    this.mistake = mistake
    this.offset = offset
  }
}
