import type { Mistake } from '../errors.ts'

/** A mistake at an offset of the text: where a key is wrong, no path can say which. */
export class OffsetMistake extends Error {
  readonly mistake: Mistake
  readonly offset: number

  constructor(mistake: Mistake, offset: number) {
    super(mistake.code)
    this.mistake = mistake
    this.offset = offset
  }
}
