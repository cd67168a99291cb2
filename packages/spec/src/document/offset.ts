import type { Mistake } from '../errors.ts'

/**
 * A mistake that is located by an offset in the text. A path cannot locate it, for example because the key itself is
 * wrong.
 */
export class OffsetMistake extends Error {
  readonly mistake: Mistake
  readonly offset: number

  constructor(mistake: Mistake, offset: number) {
    super(mistake.code)
    this.mistake = mistake
    this.offset = offset
  }
}
