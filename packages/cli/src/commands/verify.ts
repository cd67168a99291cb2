import { recheckEstimates } from '@driftfarm/answers'
import {
  type BatchLine,
  batchesOf,
  cellOf,
  type Database,
  dataReader,
  findSweep,
  indicesWithoutPremises,
  indicesWithTrials,
  invariants,
  premisesOfCell,
  readOutcomes,
  renewChecks,
  sampleOfBatches,
  stepsAtMost,
  storeFoundPremises,
  summandsOf,
  sweepHead,
  trialAt,
} from '@driftfarm/database'
import { modulesOf } from '@driftfarm/farm'
import { type BatchResult, isComputable, kernelOf, parseDigest, runReference } from '@driftfarm/kernel'
import { countText, type DocumentData, documents } from '@driftfarm/report'
import { type Cell, canonicalJson, type Tables } from '@driftfarm/spec'
import {
  type PremiseLevel,
  type PremisePart,
  type Premises,
  premiseParts,
  premisesNotFound,
} from '@driftfarm/statistics'
import { levelFor, premisesOf } from '@driftfarm/theory'
import { command } from '../command.ts'
import { CliError } from '../failure.ts'
import { flag } from '../options/option.ts'
import { progress } from '../options/shared.ts'
import { printData } from '../output.ts'
import { progressOf } from '../progress.ts'
import { homeOf, requireFarm, withSession } from '../session.ts'
import type { Shell } from '../shell.ts'

export const verify = command('verify <sweep>', {
  summary: 'check the invariants of a sweep, and recompute samples of its trials and of the premises behind its checks',
  options: { full: flag('recompute every trial with the slow reference engine'), progress },
  examples: ['verify double-well', 'verify double-well --full --json'],
  kinds: ['Verification'],
  async act(shell, text, { full = false, ...options }) {
    requireFarm(shell, text)
    await withSession(shell, async ({ database }) => {
      const { id, name } = await findSweep(database, text)
      shell.line.show('looking for missing, duplicate and extra trials')
      const { cells } = await sweepHead(database, id)
      // The server looks for missing trials while this process recomputes estimates. These two checks precede all
      // compilation, because the compiler leaves data in memory that slows down later work.
      const [{ I1, I2, I4 }, { total: done, batches }, missing, estimates] = await Promise.all([
        invariants(database, id),
        sampleOfBatches(database, id, sampledBatches),
        indicesWithoutPremises(database, id, full ? null : maxFound),
        recheckEstimates(database, id, progressOf(shell, 'verifying cell', cells)),
      ])
      const checks: Check[] = [
        { name: 'I1 complete', checked: 'the ledger accounts for every requested trial', violations: I1 },
        { name: 'I2 once', checked: 'no two batches overlap', violations: I2 },
        { name: 'I4 nothing extra', checked: 'every recorded outcome belongs to a finished batch', violations: I4 },
      ]
      const chosen = full ? batchesOf(database, { id, cells }) : batches
      const many = full ? done : batches.length
      const dataOf = dataReader(database)
      const violations: string[] = []
      let trials = 0
      let older = 0
      let computed = 0
      shell.line.show('recomputing batches')
      const again = progressOf(shell, 'recomputing batch', many)
      for await (const batch of chosen) {
        again(++computed)
        const { cell } = await cellOf(database, id, batch.cell)
        if (!isComputable(cell)) {
          older++
          continue
        }
        violations.push(...(await recheck(database, cell, await dataOf(cell), batch, full)))
        trials += batch.count
      }
      checks.push({
        name: 'I3 bit-identical',
        checked:
          `${countText(trials, 'trial')} recomputed (batches: ${many} of ${done})` +
          (full ? ' with the reference engine' : '') +
          (older === 0
            ? ''
            : `; batches skipped: ${older}, because they were computed by an earlier version of driftfarm, ` +
              'which compared the end points of descents differently'),
        violations,
      })
      checks.push({
        name: 'I5 estimates',
        checked: 'tallies, digests and estimates of every cell recomputed from its batches',
        violations: estimates,
      })
      shell.line.show('recomputing premises')
      const but = missing.map(({ index }) => index)
      const compared = await indicesWithTrials(database, id, { but, most: full ? null : sampledCells })
      checks.push({
        name: 'I6 premises',
        ...(await recheckPremises({ shell, database, id, cells }, compared, missing)),
      })
      shell.line.clear()
      const broken = checks.filter((check) => check.violations.length > 0)
      // With --json, a violation is reported only as an error, without the document.
      if (options.json !== true || broken.length === 0)
        await printData(shell, documents.Verification, { sweep: { id, name }, checks }, options)
      if (broken.length > 0) throw new CliError('VERIFY_FAILED', `${name}: ${broken.map(brokenText).join('; ')}`)
    })
  },
})

type Check = DocumentData<'Verification'>['checks'][number]

/** Number of batches that are recomputed without --full. */
const sampledBatches = 12
/** Maximum number of trials per batch that the slow reference engine repeats without --full. */
const sampledTrials = 8
/** Number of cells whose premises are recomputed without --full, in a few tenths of a second per cell. */
const sampledCells = 6
/** Maximum number of cells whose missing premises are computed without --full, in a few tenths of a second per cell. */
const maxFound = 1000
/**
 * Maximum work of the reference engine per batch without --full. The work of a trial is its number of steps times the
 * number of summands per step. The reference engine is about a hundred times slower than WebAssembly. If trials are
 * long, this engine repeats few trials or none.
 */
const maxReferenceWork = 800_000

function brokenText({ name, violations }: Check): string {
  return `${name}: ${violations[0]}${violations.length > 1 ? ` (and ${violations.length - 1} more)` : ''}`
}

/**
 * The module is compiled again, because a cached module might be the cause of a difference. Returns one sentence per
 * difference.
 */
async function recheck(database: Database, cell: Cell, tables: Tables, batch: BatchLine, byReference: boolean) {
  const { first, count } = batch
  const where = `cell ${batch.index}, trials ${first} to ${first + count - 1}`
  const again = byReference
    ? runReference(cell, first, count, { horizons: [], tables })
    : (await kernelOf(cell, tables)).run(first, count, { keep: true, horizons: [] })
  const record = recordAt(again, first, count)
  const violations: string[] = []
  if (batch.digest === null || parseDigest(batch.digest) !== again.digest)
    violations.push(`${where}: the stored digest differs from the recomputed digest`)
  for await (const chunk of readOutcomes(database, batch.cell, first, first + count))
    for (let place = 0; place < chunk.count; place += 1) {
      const trial = trialAt(chunk, place)
      if (same(chunk.records.subarray(place * chunk.bytes, (place + 1) * chunk.bytes), record(trial))) continue
      violations.push(`${where}: the stored row of trial ${trial} differs from the recomputed row`)
      break
    }
  const work = stepsAtMost(cell) * summandsOf(cell)
  const repeated = byReference ? 0 : Math.min(sampledTrials, Math.floor(maxReferenceWork / work))
  for (const trial of spread(count, repeated).map((place) => first + place))
    if (!same(recordAt(runReference(cell, trial, 1, { horizons: [], tables }), trial, 1)(trial), record(trial)))
      violations.push(`${where}: the reference engine computes trial ${trial} differently`)
  return violations
}

function recordAt({ records }: BatchResult, first: number, count: number): (trial: number) => Uint8Array {
  if (records === null) throw new Error('the recomputation returned no records')
  const bytes = records.length / count
  return (trial) => records.subarray((trial - first) * bytes, (trial - first + 1) * bytes)
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

/** At most `most` of the numbers 0 .. count-1, evenly spread from the first to the last. */
function spread(count: number, most: number): readonly number[] {
  const length = Math.min(count, most)
  return Array.from({ length }, (_, place) => Math.round((place * (count - 1)) / Math.max(1, length - 1)))
}

/** Recomputes and compares the premises of the cells `chosen`, and computes and stores those of the cells `missing`. */
async function recheckPremises(
  { shell, database, id, cells }: { shell: Shell; database: Database; id: string; cells: number },
  chosen: readonly number[],
  missing: readonly { readonly index: number; readonly trials: number }[],
): Promise<Omit<Check, 'name'>> {
  const module = modulesOf(homeOf(shell))
  const dataOf = dataReader(database)
  const premisesNow = async (cell: Cell, level: PremiseLevel): Promise<Premises> =>
    isComputable(cell)
      ? premisesOf(cell, await dataOf(cell), { module, level })
      : premisesNotFound('the cell is from an earlier version, and this version cannot compute its trials')
  const violations: string[] = []
  const showProgress = progressOf(shell, 'checking premises of cell', chosen.length + missing.length)
  let compared = 0
  for (const [place, index] of chosen.entries()) {
    showProgress(place)
    const { cell, cellId } = await cellOf(database, id, index)
    const premises = await premisesOfCell(database, cellId)
    if (premises === null || !isComputable(cell)) continue
    compared++
    for (const part of differing(premises, await premisesNow(cell, premises.level)))
      violations.push(`cell ${index}: the recomputed premise ${part} differs from the stored premise`)
  }
  const found: string[] = []
  for (const [place, { index, trials }] of missing.entries()) {
    showProgress(chosen.length + place)
    const { cell, cellId } = await cellOf(database, id, index)
    const level = levelFor(cell, { trials, cells })
    await storeFoundPremises(database, cellId, await premisesNow(cell, level))
    found.push(cellId)
  }
  for (let from = 0; from < found.length; from += renewedAtOnce)
    await renewChecks(database, found.slice(from, from + renewedAtOnce))
  const of = (some: number) => (cells === 1 ? 'premises of the cell' : `premises of ${some} of ${cells} cells`)
  const summaries = [
    ...(compared === 0 ? [] : [`${of(compared)} recomputed`]),
    ...(missing.length === 0 ? [] : [`missing ${of(missing.length)} computed and stored`]),
  ]
  return { checked: summaries.length === 0 ? 'no premises are stored' : summaries.join('; '), violations }
}

/** Maximum number of cells whose checks are renewed at a time, to limit the use of memory. */
const renewedAtOnce = 1000

function differing(stored: Premises, again: Premises): readonly PremisePart[] {
  const skipped = new Set(stored.failed.map(({ part }) => part))
  return premiseParts.filter((part) => !skipped.has(part) && plain(stored[part]) !== plain(again[part]))
}

/** A value as JSON with sorted keys, as the database stores it. */
const plain = (value: unknown): string => canonicalJson(JSON.parse(JSON.stringify(value)))
