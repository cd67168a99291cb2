import { Broken } from './check.ts'
import { Farm, type FarmOptions, type Mark } from './farm.ts'
import type { Lab } from './lab.ts'
import { type Found, quantile, type Row, randomOf } from './row.ts'
import { type Told, toldBy } from './witness.ts'

export interface Spread {
  readonly batches: number
  readonly p50: number
  readonly p95: number
  readonly max: number
}

/** The outcome of a row. */
export interface Report {
  readonly name: string
  readonly fault: string
  readonly promise: string
  readonly seed: number
  /** Null if the row passed. */
  readonly broken: string | null
  /** Whether the test itself failed, so that the row says nothing about the farm. */
  readonly mistaken: boolean
  readonly times: number
  readonly sweeps: number
  readonly planned: number
  readonly stored: number
  readonly duplicates: number | null
  readonly mismatches: number
  readonly recovery: Spread | null
  /** Share of batches that were dispatched again, an upper limit for repeated work. */
  readonly again: number
  readonly wallS: number
  readonly notes: readonly string[]
  /** The messages that users saw, in the order of their first occurrence; null if the row has no witness. */
  readonly told: readonly Told[] | null
  /** Seconds from the end of a sweep to the end of its slowest client; null if no client waited. */
  readonly clientS: number | null
}

/** Runs a row on its own farms. Errors that it throws go into the report. */
export async function runRow(
  row: Row,
  lab: Lab,
): Promise<Report & { readonly recoveryS: readonly number[]; readonly marks: readonly Mark[] }> {
  const began = performance.now()
  const farms: Farm[] = []
  let opened = 0
  const random = randomOf(lab.seed, row.name)
  const tools = {
    random,
    pick: (size: number) => Math.floor(random() * size),
    async farm(options: FarmOptions = {}) {
      const farm = await Farm.open(lab, { witness: lab.options.witness === true && opened++ < 2, ...options })
      farms.push(farm)
      return farm
    },
  }
  let found: Found = { times: 0 }
  let broken: string | null = null
  let mistaken = false
  try {
    found = await row.run(lab, tools)
  } catch (error) {
    broken = error instanceof Error ? `${error.message}` : String(error)
    if (error instanceof Broken) found = error.found ?? found
    else {
      mistaken = true
      broken += `\n${(error as Error).stack}`
    }
  } finally {
    for (const farm of farms) await farm.close()
  }
  const witnesses = farms.flatMap(({ witness, marks }) => (witness === null ? [] : [{ witness, marks }]))
  if (!mistaken) {
    const wrong = new Set(witnesses.flatMap(({ witness, marks }) => witness.wrong(row, marks)))
    if (wrong.size > 0) broken = [broken, ...wrong].filter((each) => each !== null).join('; ')
  }
  const endS = witnesses.flatMap(({ witness }) => witness.endS)
  const audits = farms.flatMap((farm) => farm.audits)
  const sum = (of: (audit: (typeof audits)[number]) => number) => audits.reduce((total, audit) => total + of(audit), 0)
  const { times, duplicates = null, recoveryS = [], notes = [] } = found
  const sorted = recoveryS.toSorted((a, b) => a - b)
  return {
    name: row.name,
    fault: row.fault,
    promise: row.promise,
    seed: lab.seed,
    broken,
    mistaken,
    times,
    sweeps: audits.length,
    planned: sum(({ planned }) => planned),
    stored: sum(({ stored }) => stored),
    duplicates,
    mismatches: sum(({ mismatches }) => mismatches),
    recovery:
      sorted.length === 0
        ? null
        : {
            batches: sorted.length,
            p50: quantile(sorted, 0.5),
            p95: quantile(sorted, 0.95),
            max: sorted.at(-1)!,
          },
    again:
      sum(({ again }) => again) /
      Math.max(
        1,
        sum(({ batches }) => batches),
      ),
    wallS: (performance.now() - began) / 1_000,
    notes,
    told: witnesses.length === 0 ? null : toldBy(witnesses),
    clientS: endS.length === 0 ? null : Math.max(...endS),
    recoveryS: sorted,
    marks: farms.flatMap((farm) => farm.marks),
  }
}
