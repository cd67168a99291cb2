import type { FarmData } from '@driftfarm/report'

interface FarmMonitorOptions {
  say(line: string): void
  /** Runs `call` after `ms` milliseconds, unless the returned function is called first. */
  later?(call: () => void, ms: number): () => void
}

/**
 * A state that lasts less than this time in ms is not reported. Examples are the restart of a worker, and the half
 * second in which one coordinator replaces another.
 */
const shortestProblemMs = 700

const recovered: Readonly<Record<FarmData['state'], string>> = {
  works: '',
  queue: 'the queue answers again',
  leaderless: 'a coordinator is running now',
  workerless: 'a worker is running now',
  kernel: 'the kernel versions match now',
  elsewhere: 'the workers listen to the right queue now',
  full: 'there is free space again',
  unreachable: 'the database answers again',
  silent: 'the farm answers again',
}

/** Messages are compared without durations, so that a problem is not reported again only because it lasts longer. */
const withoutDurations = (words: string): string => words.replace(/[\d.]+ (s|min|h|days)\b|\ba second\b/g, '')

/** Reports once when the farm cannot continue, and once when the problem has ended. */
export function createFarmMonitor({ say, later = timer }: FarmMonitorOptions) {
  const works: FarmData = { state: 'works', words: '' }
  let reported: FarmData = works
  let current: FarmData = works
  let cancelReport: () => void = () => undefined
  return {
    /** Receives the current state; null if the sweep does not wait for the farm. */
    update(farm: FarmData | null): void {
      if (farm === null) {
        cancelReport()
        current = works
        reported = works
        return
      }
      const before = current
      current = farm
      if (withoutDurations(current.words) === withoutDurations(before.words)) return
      cancelReport()
      if (withoutDurations(current.words) === withoutDurations(reported.words)) return
      cancelReport = later(() => {
        say(current.state === 'works' ? recovered[reported.state] : current.words)
        reported = current
      }, shortestProblemMs)
    },
    stop: (): void => cancelReport(),
  }
}

function timer(call: () => void, ms: number): () => void {
  const handle = setTimeout(call, ms)
  return () => clearTimeout(handle)
}
