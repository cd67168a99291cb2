import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { IdSet } from '../idSet.ts'
import type { ResolvedCell, SweepIdentity } from '../sweep.ts'

/** Characters of lines that are hashed at a time. */
const chunk = 32_768

/** What identifies a sweep of `count` cells, found in one walk that keeps 16 bytes a cell. */
export function sweepIdentity(cells: Iterable<ResolvedCell>, count: number): SweepIdentity {
  const ids = new IdSet(count)
  const plan = sha256.create()
  let lines = ''
  for (const { index, id, params } of cells) {
    ids.add(id)
    lines += `${index} ${id} ${JSON.stringify(params)}\n`
    if (lines.length < chunk) continue
    plan.update(utf8ToBytes(lines))
    lines = ''
  }
  return Object.freeze({ id: ids.id(), plan: bytesToHex(plan.update(utf8ToBytes(lines)).digest()) })
}
