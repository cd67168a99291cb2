import type { Batch } from '../cell.ts'
import { Mistake, misplacedKey, outOfRange } from '../errors.ts'
import type { Frame } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import { sampling as samplingField } from './fields.ts'

/**
 * Returns the mapping that contains `key`: `inner` (the formula or network) or `landscape`, which contains `inner`.
 * Returns null if neither of them has the key itself, and throws a Mistake if both have it.
 */
export function holderOf(key: string, inner: Frame, landscape: Frame): Frame | null {
  const [inside, beside] = [inner.peek(key) !== undefined, landscape.peek(key) !== undefined]
  if (inside && beside) throw new Mistake('DUPLICATE_KEY', landscape.at(key), { word: key }, 'key')
  return inside ? inner : beside ? landscape : null
}

/**
 * Null for the full batch. `rows` is null if there are no data. `sampling` is a key of its own, so that the values of
 * `batch` on an axis can be plain numbers.
 */
export function resolveBatch(inner: Frame, landscape: Frame, rows: (() => number) | null): Batch | null {
  const holder = holderOf('batch', inner, landscape)
  const sampling = holderOf('sampling', inner, landscape)
  const needless = holder ?? sampling
  if (rows === null && needless !== null) {
    const word = holder === null ? 'sampling' : 'batch'
    throw misplacedKey(needless.at(word), `${word} is only for a landscape with data`)
  }
  if (rows === null || holder === null || holder.get('batch') === 'full') return null
  const size = holder.number('batch', ranges.batch)
  const how = sampling === null ? 'replacement' : samplingField.read(sampling, 'sampling')
  if (how === 'shuffle' && size > rows()) {
    const expected = `an integer from 1 to ${rows()} (the number of samples), or \`sampling: replacement\``
    throw outOfRange(holder.at('batch'), size, expected)
  }
  return { size, sampling: how }
}
