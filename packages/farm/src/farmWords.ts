import { coarse, type FarmState } from '@driftfarm/database'
import { fullWords } from '@driftfarm/formula'

/** Who reads the words: they name the command that mends the farm from there. */
export interface Reader {
  readonly mode: 'embedded' | 'farm'
  /** Whether this process was given a REDIS_URL: the other processes of the farm then need it too. */
  readonly redis: boolean
}

/** A process that has not reported for so long, in seconds, does not come back by itself: a command is proposed. */
const goneAfterSeconds = 30

/** What is wrong with the farm and, where a command mends it, which; '' where nothing is wrong. */
export function farmWords(farm: FarmState, { mode, redis }: Reader): string {
  const addresses = redis ? 'the same DATABASE_URL and REDIS_URL' : 'the same DATABASE_URL'
  switch (farm.state) {
    case 'works':
      return ''
    case 'full':
      return farm.trouble === fullWords
        ? `${fullWords}: finished batches wait, and are stored once there is room`
        : `${farm.trouble}; no new work is handed out until there is room`
    case 'unreachable': {
      const age = ageText(coarse((Date.now() - Date.parse(farm.since)) / 1000))
      return `the database has not answered for ${age}${farm.reason === null ? '' : ` (${farm.reason})`}`
    }
    case 'queue':
      return (
        `the queue${farm.place === null ? '' : ` at ${placeText(farm.place)}`} has not answered the ${farm.from} for ` +
        `${ageText(farm.seconds)}: no new work is handed out until it does`
      )
    case 'leaderless': {
      const { seconds, standbySeconds, doubt } = farm
      if (doubt === 'restarted') return 'the database has just started: no coordinator has reported yet'
      if (standbySeconds !== null)
        return `${silence('the coordinator', seconds)}; another takes over within ${Math.ceil(standbySeconds) + 1} s`
      const words = silence('no coordinator', seconds)
      if (doubt === 'clock') return `${words} ${clocksDiffer}`
      if (seconds !== null && seconds < goneAfterSeconds) return words
      return mode === 'farm'
        ? `${words}: start \`driftfarm coordinator\` with ${addresses}`
        : `${words}: start \`driftfarm up\` in this home, or run the spec again`
    }
    case 'workerless': {
      const { seconds, doubt } = farm
      if (doubt === 'restarted') return 'the database has just started: no worker has reported yet'
      const words = silence('no worker', seconds)
      if (doubt === 'clock') return `${words} ${clocksDiffer}`
      if (seconds !== null && seconds < goneAfterSeconds) return words
      return `${words}: start \`driftfarm worker\` ${mode === 'farm' ? `with ${addresses}` : 'in this home'}`
    }
    case 'kernel':
      return (
        `versions differ: the sweep needs kernel ${farm.wanted}, ${kernelsText(farm)}; run the same version ` +
        'of driftfarm everywhere'
      )
    case 'elsewhere':
      return (
        `workers listen to another queue: jobs wait in ${placeText(farm.leader)}, workers listen to ` +
        `${farm.workers.map(placeText).join(' and ')}; start both with the same REDIS_URL`
      )
  }
}

const clocksDiffer = 'by the clock of the database, which differs from the clock of this machine'

/** "no worker has reported for 20 s", or that there is none. */
function silence(who: string, seconds: number | null): string {
  if (seconds !== null) return `${who} has ${who.startsWith('no ') ? '' : 'not '}reported for ${ageText(seconds)}`
  return who.startsWith('no ') ? `${who} is running` : `${who} has ended`
}

function ageText(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`
}

function kernelsText({ leader, workers }: Extract<FarmState, { state: 'kernel' }>): string {
  const theirs = `the workers have ${workers.join(' and ')}`
  return leader === null ? theirs : `the coordinator has ${leader}, ${theirs}`
}

const placeText = (place: string): string => (place === 'postgres' ? 'the queue on PostgreSQL' : place)
