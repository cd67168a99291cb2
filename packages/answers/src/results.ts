import {
  ComparedInSweep,
  cellsOf,
  checkedCell,
  type Database,
  lightPages,
  type Prefix,
  type SweepHead,
  snapshotOf,
  sweepHead,
  totalsOf,
} from '@driftfarm/database'
import { formatDigest } from '@driftfarm/kernel'
import { type CellNumbers, type CellResult, cellResult, type StreamedResults, sweepSummary } from '@driftfarm/report'
import { plainSettings } from '@driftfarm/spec'
import { checksOf, Findings } from '@driftfarm/statistics'
import { withAgreementCheck } from './agreement.ts'
import { contrastsOf } from './contrasts.ts'
import { gatheredCrossings } from './crossings.ts'
import { cellsIn, estimatesNow, orderEstimates, originOf } from './prefix.ts'

/**
 * Calls `use` with the Results document of a sweep. The results of a cell cover its requested trials before the first
 * unfinished one. The cells are read in pages from one snapshot, which ends when `use` has finished.
 */
export function withResults<T>(
  database: Database,
  sweepId: string,
  use: (results: StreamedResults) => Promise<T>,
  { cells: among }: { readonly cells?: readonly number[] } = {},
): Promise<T> {
  return snapshotOf(
    database,
    async (reading) => {
      const head = await sweepHead(reading, sweepId)
      const { cells: count, trials } = await totalsOf(reading, sweepId)
      const searched = head.demand.until?.threshold
      const agreementOf = await withAgreementCheck(reading, head)
      let tailData: Awaited<ReturnType<StreamedResults['tail']>> | null = null

      async function* cells(): AsyncGenerator<CellResult> {
        const findings = new Findings()
        const compared = new ComparedInSweep(head)
        const crossings = searched === undefined ? null : gatheredCrossings(head, searched)
        for await (const prefix of cellsIn(lightPages(reading, head, { among }))) {
          const cell = agreementOf(resultOf(head, prefix))
          if (tailData === null) {
            if (cell.stopped !== null) findings.add(cell.index, cell.checks)
            compared.observe(prefix)
            crossings?.add(cell)
          }
          yield cell
        }
        tailData ??= {
          contrasts: await contrastsOf(database, reading, head, compared.pairs()),
          ...(crossings === null ? {} : { crossings: crossings.all() }),
          findings: findings.all(),
        }
      }

      async function* numbers(): AsyncGenerator<CellNumbers> {
        const pages = lightPages(reading, head, { premises: false, among })
        for await (const prefix of cellsIn(pages)) yield resultOf(head, prefix, false)
      }

      async function* settings() {
        for await (const { cell } of cellsOf(reading, head)) yield plainSettings(cell)
      }

      return use({
        head: { sweep: sweepSummary(head, count, BigInt(trials)) },
        warnings: head.state === 'incomplete' ? [`incomplete: ${head.reason ?? 'not all trials are finished'}`] : [],
        cells,
        numbers,
        settings,
        async tail() {
          if (tailData === null) for await (const _ of cells());
          return tailData!
        },
      })
    },
    { keepsPlans: true },
  )
}

export function resultOf(head: SweepHead, prefix: Prefix, isChecked = true): CellResult {
  const { layout, digest, stopped, cpuSeconds } = prefix
  const cell = checkedCell(prefix, orderEstimates(estimatesNow(prefix), layout, head.demand), head.demand)
  return cellResult({
    ...originOf(prefix, head),
    layout,
    tally: cell.tally,
    estimates: cell.estimates,
    checks: isChecked ? checksOf(cell) : [],
    digest: digest ?? formatDigest(0n),
    stopped,
    cpuSeconds,
  })
}

/** Warnings about a cell are among the checks of that cell. */
