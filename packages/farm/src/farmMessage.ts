import { type FarmState, roundedAge } from '@driftfarm/database'
import { fullWords } from '@driftfarm/formula'
import { durationText } from '@driftfarm/report'

/** Facts about the reader of a farm message. The message proposes only commands that this reader can run. */
export interface MessageAudience {
  readonly mode: 'embedded' | 'farm'
  /** Whether this process has a REDIS_URL. If so, all processes of the farm need it. */
  readonly redis: boolean
}

/** A process that has not reported for this long is unlikely to return, so the message proposes a command. */
const goneAfterSeconds = 30

/** Returns what is wrong with the farm and, if there is one, the command that fixes it; '' if nothing is wrong. */
export function farmMessage(farm: FarmState, { mode, redis }: MessageAudience): string {
  const addresses = redis ? 'the same DATABASE_URL and REDIS_URL' : 'the same DATABASE_URL'
  switch (farm.state) {
    case 'works':
      return ''
    case 'full':
      return farm.trouble === fullWords
        ? `${fullWords}: finished batches are kept, and stored once there is free space`
        : `${farm.trouble}; no new work is dispatched until there is free space`
    case 'unreachable': {
      const age = durationText(roundedAge((Date.now() - Date.parse(farm.since)) / 1000))
      return `the database has not answered for ${age}${farm.reason === null ? '' : ` (${farm.reason})`}`
    }
    case 'queue':
      return (
        `${farm.place === null ? 'the queue' : queueText(farm.place)} has not answered the ${farm.from} for ` +
        `${durationText(farm.seconds)}: no new work is dispatched until it does`
      )
    case 'leaderless': {
      const { seconds, standbySeconds, restarted } = farm
      const start = mode === 'farm' ? `start \`driftfarm coordinator\` with ${addresses}` : startHome
      if (restarted) return 'the database has just started: no coordinator has reported yet'
      if (standbySeconds === null) return absentProcessText('no coordinator', seconds, start)
      // The standby may be the previous leader, if it lost its connection for a while. The message therefore says
      // "a coordinator", not "another coordinator".
      const words = `a coordinator takes over within ${Math.ceil(standbySeconds) + 1} s`
      return seconds === null
        ? words
        : `the leading coordinator has not reported for ${durationText(seconds)}; ${words}`
    }
    case 'workerless': {
      const { seconds, ending, restarted } = farm
      const start = `start \`driftfarm worker\` ${mode === 'farm' ? `with ${addresses}` : 'in this home'}`
      if (ending) return `all workers are about to end: ${start}`
      return restarted
        ? 'the database has just started: no worker has reported yet'
        : absentProcessText('no worker', seconds, start)
    }
    case 'kernel':
      return (
        `versions differ: the sweep needs kernel ${farm.wanted}, ${kernelsText(farm)}; run the same version ` +
        'of driftfarm everywhere'
      )
    case 'elsewhere':
      return (
        `workers listen to another queue: jobs wait in ${placeText(farm.leader)}, workers listen to ` +
        `${farm.workers.map(placeText).join(' and ')}; start the coordinator and the workers with ` +
        'the same REDIS_URL'
      )
  }
}

const startHome = 'start `driftfarm up` in this home, or run the spec again'

/**
 * A process that does not report may still be running: its machine was asleep, or its connection to the database is
 * broken. The message therefore says `if none is running`.
 */
function absentProcessText(who: string, seconds: number | null, start: string): string {
  if (seconds === null) return `${who} is running: ${start}`
  const words = `${who} has reported for ${durationText(seconds)}`
  return seconds < goneAfterSeconds ? words : `${words}; if none is running, ${start}`
}

function kernelsText({ leader, workers }: Extract<FarmState, { state: 'kernel' }>): string {
  const theirs = `the workers have ${workers.join(' and ')}`
  return leader === null ? theirs : `the coordinator has ${leader}, ${theirs}`
}

const placeText = (place: string): string => (place === 'postgres' ? 'the queue on PostgreSQL' : place)

const queueText = (place: string): string => (place === 'postgres' ? placeText(place) : `the queue at ${place}`)
