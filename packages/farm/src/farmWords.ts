import type { FarmState } from '@driftfarm/database'

/** Who reads the words: they name the command that mends the farm from there. */
export interface Reader {
  readonly mode: 'embedded' | 'farm'
  /** Whether this process was given a REDIS_URL: the other processes of the farm then need it too. */
  readonly redis: boolean
}

/** What is wrong with the farm and how to mend it; '' where nothing is wrong. */
export function farmWords(farm: FarmState, { mode, redis }: Reader): string {
  const addresses = redis ? 'the same DATABASE_URL and REDIS_URL' : 'the same DATABASE_URL'
  switch (farm.state) {
    case 'works':
      return ''
    case 'full':
      return `${farm.trouble}: what is computed waits there, and is stored as soon as there is room`
    case 'unreachable':
      return `the database does not answer (${farm.reason}): this goes on when it does`
    case 'leaderless':
      return mode === 'farm'
        ? `nobody leads: start \`driftfarm coordinator\` with ${addresses}`
        : 'nobody leads: start `driftfarm up` in this home, or run the spec again'
    case 'workerless':
      return mode === 'farm'
        ? `nobody works: start \`driftfarm worker\` with ${addresses}`
        : 'nobody works: start `driftfarm worker` in this home'
    case 'kernel':
      return (
        `versions differ: the sweep needs kernel ${farm.wanted}, ${kernelsText(farm)}; run the same version ` +
        'of driftfarm everywhere'
      )
    case 'elsewhere':
      return (
        `workers listen elsewhere: jobs wait in ${placeText(farm.leader)}, workers at ` +
        `${farm.workers.map(placeText).join(' and ')}; start both with the same REDIS_URL`
      )
  }
}

/** What is said once the problem is over. */
export function mendedWords(state: FarmState['state']): string {
  if (state === 'leaderless') return 'somebody leads now'
  if (state === 'workerless') return 'somebody works now'
  if (state === 'full') return 'there is room again'
  if (state === 'unreachable') return 'the database answers again'
  return 'the farm works on it now'
}

function kernelsText({ leader, workers }: Extract<FarmState, { state: 'kernel' }>): string {
  const theirs = `the workers have ${workers.join(' and ')}`
  return leader === null ? theirs : `the coordinator has ${leader}, ${theirs}`
}

const placeText = (place: string): string => (place === 'postgres' ? 'the queue on PostgreSQL' : place)
