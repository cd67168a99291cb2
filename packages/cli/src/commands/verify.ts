import { batchesOf, cellOf, findSweep, invariants, recheckEstimates, storedRecords } from '@driftfarm/coordinator'
import { addDigests, compile, Kernel, parseDigest, prepare, runReference } from '@driftfarm/kernel'
import { renderRecords } from '@driftfarm/report'
import { CliError } from '../failure.ts'
import { createProgress } from '../progress.ts'
import { print, printJson, terminalWidth } from '../output.ts'
import { requireDatabase, withSession } from '../session.ts'

interface Check {
  readonly name: string
  readonly checked: string
  readonly violations: string[]
}

/** Batches that a sampling verification computes again, and trials of each that the slow reference repeats. */
const sampledBatches = 12
const sampledTrials = 8
/** A trial of the reference may take this many steps before it is left to --full. */
const mostReferenceSteps = 2_000_000

export async function verify(text: string, options: { full?: boolean; json?: boolean }): Promise<void> {
  requireDatabase(text)
  const progress = createProgress()
  await withSession(async ({ database }) => {
    const { id, name } = await findSweep(database, text)
    const checks: Check[] = []
    const { I1, I2, I4 } = await invariants(database, id)
    checks.push({ name: 'I1 complete', checked: 'every demanded trial is in the ledger, done', violations: I1 })
    checks.push({ name: 'I2 once', checked: 'no two batches overlap', violations: I2 })
    checks.push({ name: 'I4 nothing extra', checked: 'no outcome lies outside the ledger', violations: I4 })
    const batches = (await batchesOf(database, id)).filter((batch) => batch.state === 'done')
    const chosen = options.full === true ? batches : spread(batches, sampledBatches)
    const violations: string[] = []
    let trials = 0
    for (const [place, batch] of chosen.entries()) {
      progress.say(`computing batch ${place + 1} of ${chosen.length} again`)
      const { cell } = await cellOf(database, id, batch.cell)
      const where = `cell ${batch.cell}, trials ${batch.first} to ${batch.first + batch.count - 1}`
      const stored = await storedRecords(database, batch.cell, batch.first)
      const again = options.full === true ? runReference(cell, batch.first, batch.count, { horizons: [] }) : await computeAgain(cell, batch.first, batch.count)
      if (parseDigest(batch.digest) !== again.digest) violations.push(`${where}: digest differs`)
      if (again.records === null) throw new Error('a verification keeps its records')
      const width = again.records.length / batch.count
      for (const { trial, record } of stored) {
        const at = (trial - batch.first) * width
        if (!Buffer.from(record).equals(Buffer.from(again.records.subarray(at, at + width)))) {
          violations.push(`${where}: the row of trial ${trial} differs`)
          break
        }
      }
      if (options.full !== true && cell.trial.steps <= mostReferenceSteps)
        for (const trial of spread(Array.from({ length: Math.min(batch.count, 1000) }, (_, k) => batch.first + Math.floor((k * batch.count) / Math.min(batch.count, 1000))), sampledTrials)) {
          const { records } = runReference(cell, trial, 1, { horizons: [] })
          const at = (trial - batch.first) * width
          if (records === null || !Buffer.from(records).equals(Buffer.from(again.records.subarray(at, at + width)))) violations.push(`${where}: the reference differs at trial ${trial}`)
        }
      trials += batch.count
    }
    checks.push({ name: 'I3 bit-identical', checked: `${trials} trials of ${chosen.length} of ${batches.length} batches computed again`, violations })
    checks.push({ name: 'I5 estimates', checked: 'tallies, digests and estimates of every cell made again from its batches', violations: await recheckEstimates(database, id, { parseDigest, addDigests }) })
    progress.clear()
    const broken = checks.filter((check) => check.violations.length > 0)
    if (options.json === true && broken.length === 0) await printJson('Verification', { sweep: { id, name }, checks })
    else if (options.json !== true)
      await print(renderRecords(['invariant', 'holds', 'what was checked'], checks.map((check) => [check.name, check.violations.length === 0 ? 'yes' : 'NO', check.violations[0] ?? check.checked]), { width: terminalWidth() }))
    if (broken.length > 0)
      throw new CliError('VERIFY_FAILED', `${name}: ${broken.map((check) => `${check.name}: ${check.violations[0]}${check.violations.length > 1 ? ` and ${check.violations.length - 1} more` : ''}`).join('; ')}`)
  })
}

async function computeAgain(cell: Parameters<typeof prepare>[0], first: number, count: number) {
  const prepared = prepare(cell)
  const module = new WebAssembly.Module((await compiled(prepared)) as BufferSource)
  return Kernel.create(module, prepared).run(first, count, { keep: true, horizons: [] })
}

const modules = new Map<string, Promise<Uint8Array>>()
function compiled({ shape, source }: { shape: string; source: string }): Promise<Uint8Array> {
  let bytes = modules.get(shape)
  if (bytes === undefined) {
    bytes = compile(source)
    modules.set(shape, bytes)
  }
  return bytes
}

/** At most `most` of the items, evenly spread, first and last among them. */
function spread<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items
  return Array.from({ length: most }, (_, place) => items[Math.round((place * (items.length - 1)) / (most - 1))] as T)
}
