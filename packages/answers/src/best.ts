import { type Database, prefixesOf, sweepHead, tallyOf, type WholePrefix } from '@driftfarm/database'
import { type BestData, integer, type NoSuchEstimate, type Told } from '@driftfarm/report'
import { type Estimate, estimatesOf } from '@driftfarm/statistics'
import { orderKeys } from './order.ts'
import { estimatesNow } from './results.ts'

/**
 * The cell of a sweep in which an estimate is largest or smallest; the first one if several are equal. The cell's own
 * interval is too optimistic, because the cell was picked for its value. So the interval that holds for all cells
 * simultaneously is given too.
 */
export async function bestOf(
  database: Database,
  sweepId: string,
  name: string,
  direction: 'max' | 'min',
): Promise<Told<BestData> | NoSuchEstimate> {
  const head = await sweepHead(database, sweepId)
  const known = new Set<string>()
  const candidates: { readonly prefix: WholePrefix; readonly own: Estimate; readonly shared: Estimate }[] = []
  for (const prefix of await prefixesOf(database, head)) {
    const estimates = estimatesNow(prefix)
    for (const each of Object.keys(estimates)) known.add(each)
    const own = estimates[name]
    if (own !== undefined) candidates.push({ prefix, own, shared: simultaneously(prefix, name) ?? own })
  }
  const sign = direction === 'max' ? 1 : -1
  const [first, ...rest] = candidates
  if (first === undefined) return { known: [...known].sort() }
  const best = rest.reduce((best, each) => (sign * (each.own.value - best.own.value) > 0 ? each : best), first)
  const { prefix, own, shared } = best
  const contenders = candidates
    .filter(
      (each) =>
        each !== best && (direction === 'max' ? each.shared.high >= shared.low : each.shared.low <= shared.high),
    )
    .map((each) => each.prefix.index)
  const data: BestData = {
    sweep: { id: head.id, name: head.name, state: head.state },
    of: name,
    direction,
    among: candidates.length,
    cell: {
      index: prefix.index,
      id: prefix.id,
      params: orderKeys(prefix.params, head.axes),
      trials: integer(prefix.trials),
    },
    estimate: own,
    simultaneous: shared,
    contenders,
  }
  return { data, warnings: head.demand.simultaneous || candidates.length < 2 ? [] : [warningOf(data)] }
}

/** The estimate with alpha divided by the number of cells, whether or not the demand is simultaneous. */
function simultaneously(prefix: WholePrefix, name: string): Estimate | undefined {
  const { layout, demand, how } = prefix
  return estimatesOf(tallyOf(prefix), layout, { ...demand, simultaneous: true, estimates: [name] }, how)[name]
}

function warningOf({ of, direction, among, cell, estimate, simultaneous }: BestData): string {
  const extreme = direction === 'max' ? 'largest' : 'smallest'
  const picked = `cell ${cell.index} was picked for the ${extreme} ${of} of ${among} cells`
  const text = ({ low, high }: Estimate) => `[${Number(low.toPrecision(3))}, ${Number(high.toPrecision(3))}]`
  return (
    `${picked}: its own interval ${text(estimate)} is too optimistic; ${text(simultaneous)} holds for all ` +
    `cells at once (\`simultaneous: true\` makes every interval so)`
  )
}
