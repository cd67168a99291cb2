import type { CellSizing, PlanData, Recommended, SizingData } from '../document/plan.ts'
import { dataText } from './dataText.ts'
import { designText } from './designText.ts'
import { durationText } from './duration.ts'
import { precise, short, significant } from './quantity.ts'
import { renderChecks } from './renderChecks.ts'
import { renderRecords, type TableOptions } from './renderRecords.ts'

const maxListed = 20

export function renderPlan(plan: PlanData, options: TableOptions = {}): string {
  const { sweep, cells, trials, upperBound, done, perCell, checks, findings, recommended = [], search, sizing } = plan
  const most = Math.max(...perCell.map((cell) => cell.trials))
  const looked = checks.map(({ index }) => index).join(', ')
  const checked = cells === checks.length ? 'all cells' : `${checks.length} of ${cells} cells (${looked})`
  const head = renderRecords(
    ['', ''],
    [
      ['sweep', `${sweep.name} (${sweep.id})`],
      ['cells', String(cells)],
      ['trials', `${upperBound ? 'at most ' : ''}${short(Number(trials))} (${short(most)} per cell)`],
      ...(search === undefined ? [] : [['search', searchText(search)]]),
      ...timesOf(plan),
      ['disk', diskText(plan)],
      ...(plan.designs ?? []).map((design) => ['design', designText(design)]),
      ...(plan.data ?? []).map((set) => ['data', dataText(set)]),
      ['already done', `${short(Number(done.trials))} trials, ${(done.share * 100).toFixed(1)} %`],
      ['checked', `${checked}, without running trials`],
      ...recommended.map((each) => [`method, cell ${each.cell}`, adviceText(each)]),
      ...(sizing === undefined ? [] : sizingRows(sizing)),
      ...perCell
        .slice(0, maxListed)
        .map((cell) => [`cell ${cell.index}`, `${JSON.stringify(cell.params)}: ${cell.reason}`]),
      ...(cells > maxListed ? [['...', `${cells - maxListed} more cells; --json lists ${perCell.length} cells`]] : []),
    ],
    options,
  )
  return `${head}\n${renderChecks(checks, findings, options)}`
}

function searchText({ lines, points, first }: NonNullable<PlanData['search']>): string {
  const size = `${lines} ${lines === 1 ? 'line' : 'lines'} of ${points} points`
  return `${size}: ${first} points of each line are always visited, the others only if they narrow down a crossing`
}

function timesOf({ pilot, batches, cpuSeconds, ledgerSeconds = 0 }: PlanData): (readonly [string, string])[] {
  if (pilot === null || batches === null || cpuSeconds === null)
    return [
      ['batches', 'unknown without a pilot'],
      ['CPU time', 'unknown without a pilot: remove --no-pilot'],
      ['method', 'unknown without a pilot'],
    ]
  const { length } = pilot.cells
  const cells = length > 2 ? `${length} cells` : `${length === 1 ? 'cell' : 'cells'} ${pilot.cells.join(' and ')}`
  return [
    ['batches', batches === 0 ? 'none' : batches === 1 ? 'one' : `about ${short(batches)}`],
    ['CPU time', batches === 0 ? 'none' : cpuText(cpuSeconds, ledgerSeconds)],
    ['pilot', `${short(pilot.trials)} trials of ${cells} on this machine, not stored`],
  ]
}

function diskText({ disk, upperBound }: PlanData): string {
  const size = disk.bytes < 1e6 ? 'less than 1 MB' : `about ${bytesText(disk.bytes)}`
  const rows = disk.rows === 0 ? 'no recorded outcomes' : `${short(disk.rows)} recorded outcomes`
  return `${upperBound && disk.bytes >= 1e6 ? 'at most ' : ''}${size} in the database, ${rows}`
}

const byteUnits = ['MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB']

/** `bytes` must be at least a megabyte. */
function bytesText(bytes: number): string {
  // The size is rounded before its unit is chosen, because 999.9 MB rounds to 1 GB.
  const [digits = '', exponent = '0'] = bytes.toExponential(1).split('e')
  const unit = Math.min(Math.floor(Number(exponent) / 3) - 2, byteUnits.length - 1)
  return `${significant(Number(`${digits}e${Number(exponent) - 3 * (unit + 2)}`), 2)} ${byteUnits[unit]}`
}

/** `ledger` is the part of `seconds` that is spent on storing batches. */
function cpuText(seconds: number, ledger: number): string {
  const much = ledger >= 1 && ledger > seconds / 10
  const parts = much ? `: ${durationText(seconds - ledger)} for trials and ${durationText(ledger)} to store them` : ''
  return `${durationText(seconds)} if no trial ends early${parts}`
}

function adviceText({ method, seconds, reason }: Recommended): string {
  const { direct, splitting } = seconds
  if (direct === null) return `${method}: ${reason}`
  const times = splitting === null ? '' : `${ofThread(splitting)} of CPU time by splitting, `
  const directly = splitting === null ? `${ofThread(direct)} of CPU time` : `${ofThread(direct)} by direct trials`
  return `${method}: ${reason}; a relative error of 10 % takes about ${times}${directly}`
}

/** A time below a second has one significant digit, so that short times can be compared. */
const ofThread = (seconds: number): string => (seconds < 1 ? `${significant(seconds, 1)} s` : durationText(seconds))

function sizingRows({ estimate, sought: target, cells }: SizingData): string[][] {
  return [
    ['sizes', `for ${estimate}; the widths are those of the exact interval at the expected number of events`],
    ...cells.slice(0, maxListed).map((cell) => [`cell ${cell.index}`, sizingText(target, cell)]),
  ]
}

const froms = {
  given: 'given',
  stored: 'from stored trials',
  pilot: 'from the pilot',
  worst: 'worst case',
  unknown: '',
}
const nothings = { width: 'no interval', confidence: 'no confidence level', trials: 'no number of trials' }

function sizingText(target: SizingData['sought'], cell: CellSizing): string {
  if (cell.probability === null)
    return 'p is unknown: no trials are stored, and the pilot had no event; give a guess with --probability'
  const guess = `p ${significant(cell.probability, 3)} (${froms[cell.from]})`
  if (cell.trials === null || cell.confidence === null || cell.width === null)
    return `${guess}: ${nothings[target]} meets the request`
  const confidence = significant(cell.confidence * 100, 6)
  const relative = cell.relative === null ? '' : ` (± ${precise(cell.relative * 100, 3)} %)`
  const width = precise(cell.width, 3)
  return `${guess}: ${cell.trials} trials give a width of ${width}${relative} at ${confidence} % confidence`
}
