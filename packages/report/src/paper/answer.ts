import { groupedBy } from '@driftfarm/formula'
import { type Estimate, endedText, isDoubt, whichRan } from '@driftfarm/statistics'
import { sweptAxes } from '../axes/sweptAxes.ts'
import type { CrossingResult } from '../document/crossing.ts'
import { finishedCells, verdictText } from '../document/findings.ts'
import { estimateOf } from '../figure/selectCells.ts'
import { placeText, quantityOf } from '../figure/words.ts'
import { countText, grouped, parameterText, percent, short } from '../format/quantity.ts'
import { sentenceOf } from '../format/text.ts'
import type { ReportedSweep } from './gathered.ts'

/** The answer in three sentences: the measured numbers, their precision, and the worst finding. */
export function answerOf({ results }: ReportedSweep): readonly string[] {
  const { sweep, cells, findings } = results
  const counted = cells.filter(({ trials }) => Number(trials) > 0)
  if (counted.length === 0) return [`${sweep.name} has no trials yet.`]
  const of = estimateOf(counted, undefined)
  const { label } = quantityOf(of)
  const axes = sweptAxes(cells)
  const known = counted.flatMap((cell) => {
    const estimate = cell.estimates[of]
    return estimate === undefined ? [] : [{ cell, estimate, where: placeText(axes, cell.params) }]
  })
  const ordered = known.toSorted((a, b) => a.estimate.value - b.estimate.value)
  const [least, most] = [ordered[0]!, ordered.at(-1)!]
  const at = (where: string) => (where === '' ? '' : ` at ${where}`)
  const [from, to] = [written(least.estimate), written(most.estimate)]
  const measured =
    known.length === 1
      ? `In ${short(BigInt(sweep.trials))} trials, ${label} is ${to}.`
      : `Over ${grouped(known.length)} cells with ${short(BigInt(sweep.trials))} trials in total, ${label} ` +
        (from === to ? `is ${to} in each.` : `ranges from ${from}${at(least.where)} to ${to}${at(most.where)}.`)
  const widest = known.toSorted((a, b) => widthOf(b.estimate) - widthOf(a.estimate))[0]!
  const rules = groupedBy(cells, ({ stopped }) => stopped?.rule ?? null)
  const stopped = [...rules].map(([rule, { length: count }]) => ({ count, how: endedText(rule, count) }))
  const [first] = stopped
  const ended =
    stopped.length === 1
      ? `${first!.count === 1 ? 'The cell' : `All ${grouped(first!.count)} cells`} ${first!.how}.`
      : `Of ${grouped(cells.length)} cells, ${stopped.map(({ count, how }) => `${grouped(count)} ${how}`).join(', ')}.`
  const confidence = percent(widest.estimate.confidence)
  const how = `The widest ${confidence} interval is ${widthText(widest.estimate)} wide${at(widest.where)}. ${ended}`
  const seen = finishedCells(sweep.state, cells)
  const doubts = findings.filter(isDoubt)
  const [worst] = doubts
  const doubt =
    worst === undefined
      ? `No check${whichRan(findings)} casts doubt on these numbers.`
      : `${worst.verdict === 'wrong' ? 'Do not use these numbers as they are' : 'Read these numbers with care'}: ` +
        `${worst.text.replace(/\.$/, '')} ` +
        `(${worst.name}, in ${grouped(worst.count)} of ${grouped(seen.finished)} cells).` +
        (doubts.length > 1 ? ` The checks report ${countText(doubts.length - 1, 'more finding')}.` : '')
  const verdict = sentenceOf(verdictText(seen, findings))
  const whole = seen.finished === cells.length ? doubt : worst === undefined ? verdict : `${verdict} ${doubt}`
  const { crossings = [] } = results
  return [crossings.length === 0 ? measured : crossingSentence(crossings), how, whole]
}

function crossingSentence(crossings: readonly CrossingResult[]): string {
  const [first] = crossings
  const all = crossings.flatMap((line) => line.crossings.map((crossing) => ({ line, crossing })))
  const { estimate, equals, over, from, to } = first!
  const event = `${quantityOf(estimate).label} crosses ${equals}`
  if (all.length === 0) return `Between ${over} ${from} and ${to}, no point was found at which ${event}.`
  const axes = sweptAxes(crossings)
  const ordered = all.toSorted((a, b) => a.crossing.value - b.crossing.value)
  const [least, most] = [ordered[0]!, ordered.at(-1)!]
  const found = new Set(all.map(({ line }) => line)).size
  const lines = crossings.length === 1 ? '' : ` (found in ${grouped(found)} of ${grouped(crossings.length)} lines)`
  const at = ({ line, crossing }: (typeof all)[number]) =>
    `${Number(crossing.value.toPrecision(4))} [${crossing.low}, ${crossing.high}]` +
    `${axes.length === 0 ? '' : ` at ${placeText(axes, line.params)}`}`
  return all.length === 1
    ? `${event} at ${over} ${at(most)}${lines}.`
    : `${event} at values of ${over} from ${at(least)} to ${at(most)}${lines}.`
}

const written = (estimate: Estimate): string => parameterText(estimate).join(' ')

const widthOf = ({ low, high }: Estimate): number => high - low

function widthText(estimate: Estimate): string {
  const width = widthOf(estimate)
  return Number.isFinite(width) ? String(Number(width.toPrecision(2))) : 'infinitely'
}
