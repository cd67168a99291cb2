import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { IdSet } from '../idSet.ts'
import type { ResolvedCell, SweepIdentity } from '../sweep.ts'

/** Characters of lines that are hashed at a time. */
const chunk = 32_768

/** Cells between two places at which a walk may pause: some milliseconds. */
const stride = 1_000

/** What identifies a sweep of `count` cells, found in one walk that stores 16 bytes per cell. */
export function sweepIdentity(name: string, cells: Iterable<ResolvedCell>, count: number): SweepIdentity {
  return runGenerator(identityWalk(name, cells, count))
}

/** The result of a walk that runs without a pause. */
export function runGenerator<T>(walk: Generator<unknown, T>): T {
  for (;;) {
    const { done, value } = walk.next()
    if (done === true) return value
  }
}

/**
 * The same walk in strides: it yields the number of cells so far, so that its caller can do other work in between.
 * `ids`: where the ids are stored, empty at first.
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
    if (lines.length < chunk) continue
    plan.update(utf8ToBytes(lines))
    lines = ''
  }
  return Object.freeze({ id: ids.idUnder(name), plan: bytesToHex(plan.update(utf8ToBytes(lines)).digest()) })
}
