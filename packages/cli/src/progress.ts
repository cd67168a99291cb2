import {
  durationText,
  grouped,
  type OnCells,
  phaseText,
  precisionTitle,
  type StatusData,
  type StreamedResults,
  short,
} from '@driftfarm/report'
import { wantsColor } from './output.ts'
import type { Progress, Shell } from './shell.ts'
import { StatusLine } from './statusLine.ts'

const barWidth = 16
/** The speed is averaged over this time in ms, so that it follows workers that come and go. */
const speedMs = 10_000

/** The time in ms between two lines of progress; null if progress is not printed in lines. */
function lineIntervalOf({ progress, line, quiet }: Shell): number | null {
  if (progress === 'plain') return 10_000
  return progress === 'auto' && !line.exists && !quiet ? 20_000 : null
}

/** Shows the progress of a sweep in the way that `shell.progress` selects. */
export function sweepProgress(shell: Shell): (status: StatusData, nowMs: number) => void {
  const { line: foot } = shell
  const plain = plainLines(shell)
  let samples: { atMs: number; trials: number; steps: number }[] = []
  return (status, nowMs) => {
    if (!foot.exists && plain === null) return
    const sample = { atMs: nowMs, trials: Number(status.trials.done), steps: Number(status.steps) }
    // The speed is measured from the first finished trials.
    if (sample.trials === 0) samples = []
    samples.push(sample)
    while (samples.length > 2 && nowMs - (samples[0]?.atMs ?? 0) > speedMs) samples.shift()
    const oldest = samples[0] ?? sample
    const seconds = (nowMs - oldest.atMs) / 1000
    const speed =
      seconds < 0.2
        ? null
        : { trials: (sample.trials - oldest.trials) / seconds, steps: (sample.steps - oldest.steps) / seconds }
    if (plain !== null) {
      plain(nowMs, () => `${status.name}: ${progressText(status, speed, Number.POSITIVE_INFINITY)}`)
      return
    }
    const requested = Number(status.trials.requested)
    const share = requested > 0 ? Math.min(1, sample.trials / requested) : 0
    const full = Math.round(share * barWidth)
    const bar = `${'━'.repeat(full)}${'─'.repeat(barWidth - full)}`
    const line = `${bar} ${progressText(status, speed, foot.width - barWidth - 1)}`
    foot.show(
      wantsColor(shell, shell.stderr)
        ? `\x1b[36m${line.slice(0, full)}\x1b[2m${line.slice(full, barWidth)}\x1b[0m${line.slice(barWidth)}`
        : line,
      line,
    )
  }
}

/** Work that takes less than this many ms shows no progress. */
const quietMs = 1000
/** Minimum time between two changes of the last line of a terminal, in ms. */
const shownMs = 100

/**
 * Returns a function that shows how much work is done. It may be called as often as you like. `total` is null if the
 * amount of work is unknown. `now` is a clock in ms.
 *
 *     const showProgress = progressOf(shell, 'verifying cell', 100_000)
 *     showProgress(12_000) // verifying cell 12,000 of 100,000
 */
export function progressOf(
  shell: Shell,
  words: string,
  total: number | null,
  now: () => number = () => performance.now(),
): (done: number) => void {
  const began = now()
  const plain = plainLines(shell, began)
  let shown = Number.NEGATIVE_INFINITY
  return (done) => {
    const at = now()
    if (at - began < quietMs) return
    const text = () => `${words} ${grouped(done)}${total === null ? '' : ` of ${grouped(total)}`}`
    if (plain !== null) plain(at, text)
    else if (shell.line.exists && at - shown >= shownMs) {
      shown = at
      shell.line.show(text())
    }
  }
}

/** Shows how many cells are done, as soon as their number is known. */
export function progressOfCells(shell: Shell, words = 'reading cell'): OnCells {
  let show: ((done: number) => void) | null = null
  return (done, total) => {
    show ??= progressOf(shell, words, total)
    show(done)
  }
}

function plainLines(shell: Shell, began?: number): ((atMs: number, text: () => string) => void) | null {
  const interval = lineIntervalOf(shell)
  let last = began
  if (interval === null) return null
  return (atMs, text) => {
    last ??= atMs
    if (atMs - last < interval) return
    last = atMs
    shell.stderr.write(`${text()}\n`)
  }
}

/** Only `auto` uses the last line of a terminal. */
export function withProgressLine(shell: Shell, progress: Progress = 'auto'): Shell {
  if (progress === 'auto') return shell
  shell.line.clear()
  return { ...shell, progress, line: new StatusLine({ write: () => true, isTTY: false }) }
}

const updateMs = 1000

/**
 * Calls `work` for one item after another, and shows the item and the elapsed time (see `elapsed`). If `work` blocks
 * this thread, the time is not shown. Words that `work` passes to `add` are shown after the item.
 */
export async function forEachWithProgress<T, R>(
  shell: Shell,
  items: readonly T[],
  words: (item: T, place: number) => string,
  work: (item: T, place: number, add: (words: string) => void) => Promise<R> | R,
): Promise<R[]> {
  const done: R[] = []
  for (const [place, item] of items.entries()) {
    let more = ''
    const showElapsed = elapsed(shell, () => `${words(item, place)}${more}`)
    showElapsed()
    const timer = setInterval(showElapsed, updateMs)
    try {
      const add = (words: string): void => {
        more = words
        showElapsed()
      }
      done.push(await work(item, place, add))
    } finally {
      clearInterval(timer)
    }
  }
  shell.line.clear()
  return done
}

/**
 * Returns a function that shows how long something has taken so far. During the first second it shows only `words`,
 * such as `cell 1 of 1`; later it shows `cell 1 of 1: 12 s`. `now` is a clock in ms.
 */
export function elapsed(shell: Shell, words: () => string, now: () => number = () => performance.now()): () => void {
  const began = now()
  const plain = plainLines(shell, began)
  return () => {
    const at = now()
    const text = () => (at - began < quietMs ? words() : `${words()}: ${clock(Math.floor((at - began) / 1000))}`)
    if (plain !== null) plain(at, text)
    else shell.line.show(text())
  }
}

/**
 * On a narrow terminal, less important parts are left out rather than cut off, because half a number would be a wrong
 * number.
 */
export function progressText(
  status: Pick<StatusData, 'trials' | 'stopsByRule' | 'events' | 'precision' | 'phase'>,
  speed: { readonly trials: number; readonly steps: number } | null,
  width: number,
): string {
  const { trials, stopsByRule, events, precision } = status
  const done = Number(trials.done)
  const requested = Number(trials.requested)
  const share = requested > 0 ? Math.min(1, done / requested) : 0
  const parts: (readonly [rank: number, text: string])[] = [
    [0, `${Math.floor(share * 100)} %`],
    [1, `${short(done)} of ${stopsByRule ? '<= ' : ''}${short(requested)} trials`],
  ]
  if (speed !== null && speed.trials > 0)
    parts.push(
      [3, `${short(speed.trials)}/s`],
      [6, `${short(speed.steps)} steps/s`],
      [2, `ETA ${clock((requested - done) / speed.trials)}`],
    )
  const phase = phaseText(status)
  if (phase !== '') parts.push([2, phase])
  parts.push([5, `${short(BigInt(events))} ${BigInt(events) === 1n ? 'event' : 'events'}`])
  if (precision !== undefined)
    parts.push([4, `${short(precision.precise)} of ${short(precision.finished)} ${precisionTitle.toLowerCase()}`])
  const textOf = (most: number) =>
    parts
      .filter(([rank]) => rank <= most)
      .map(([, text]) => text)
      .join('  ')
  let most = 6
  while (most > 0 && textOf(most).length > width) most--
  return textOf(most)
}

function clock(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds))
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  if (hours >= 48) return durationText(whole)
  return hours > 0 ? `${hours} h ${minutes} min` : minutes > 0 ? `${minutes} min ${rest} s` : `${rest} s`
}

/** Number of items between two reports. Each report reads the clock, so one report per item would take too long. */
const every = 64

/** Yields the items unchanged. `report` gets the number of items so far. */
export async function* withProgress<Item>(
  items: AsyncIterable<Item>,
  report: (done: number) => void,
): AsyncGenerator<Item> {
  let done = 0
  for await (const item of items) {
    if (++done % every === 0) report(done)
    yield item
  }
}

export function resultsWithProgress(shell: Shell, results: StreamedResults): StreamedResults {
  const createProgress = () => progressOf(shell, 'reading cell', results.head.sweep.cells)
  return {
    ...results,
    cells: () => withProgress(results.cells(), createProgress()),
    numbers: () => withProgress(results.numbers(), createProgress()),
  }
}
