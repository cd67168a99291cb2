import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { IdSet } from '../idSet.ts'
import type { ResolvedCell, SweepIdentity } from '../sweep.ts'

const chunkCharacters = 32_768

/** Number of cells after which a walk may pause. Making 1000 cells takes a few milliseconds. */
const stride = 1_000

/** Returns the identity of a sweep of `count` cells. Reads each cell once and stores 16 bytes for it. */
export function sweepIdentity(name: string, cells: Iterable<ResolvedCell>, count: number): SweepIdentity {
  return runGenerator(identityWalk(name, cells, count))
}

export function runGenerator<T>(walk: Generator<unknown, T>): T {
  for (;;) {
    const { done, value } = walk.next()
    if (done === true) return value
  }
}

/**
 * Like `sweepIdentity`, but yields the number of cells read so far after each stride, so that the caller can do other
 * work in between. Stores the ids in `ids`, which must be empty at first.
 */
export function* identityWalk(
  name: string,
  cells: Iterable<ResolvedCell>,
  count: number,
  ids = new IdSet(count),
): Generator<number, SweepIdentity> {
  const plan = sha256.create()
  let lines = ''
  for (const { index, id, params } of cells) {
    ids.add(id)
    lines += `${index} ${id} ${JSON.stringify(params)}\n`
    if (index % stride === stride - 1) yield index + 1
    if (lines.length < chunkCharacters) continue
    plan.update(utf8ToBytes(lines))
    lines = ''
  }
  return Object.freeze({ id: ids.idUnder(name), plan: bytesToHex(plan.update(utf8ToBytes(lines)).digest()) })
}
