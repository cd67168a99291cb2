import { isReserved } from '@driftfarm/formula'
import type { Path } from '../document/path.ts'
import { Mistake } from '../errors.ts'
import { eventQuantities, quenchQuantity } from './vocabulary.ts'

const quantities: readonly string[] = [...eventQuantities, quenchQuantity, 'n']

export function checkName(name: string, path: Path, taken: ReadonlyMap<string, string>): void {
  const meaning = isReserved(name)
    ? 'it is a function or constant of the grammar'
    : quantities.includes(name)
      ? 'it already has a meaning in conditions and schedules'
      : taken.get(name)
  if (meaning !== undefined) throw new Mistake('NAME_REFUSED', path, { value: name, reason: meaning }, 'key')
}

export function checkLabel(name: string, path: Path, used: readonly string[]): void {
  if (used.includes(name))
    throw new Mistake('NAME_REFUSED', path, { value: name, reason: 'it already has a meaning in results' }, 'key')
}

export function checkCount(count: number, limit: number, what: string, path: Path): void {
  if (count > limit) throw new Mistake('TOO_MANY_NAMES', path, { value: count, limit: `${limit} ${what}` })
}
