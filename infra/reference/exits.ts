import { exitCodes } from '@driftfarm/cli'
import { ApiError } from '../../packages/api/src/error.ts'
import { type Ending, endings } from '../../packages/formula/src/index.ts'
import { table } from './markdown.ts'

/** The meaning of each exit code. The two signals share one row. */
const meanings: Readonly<Record<Exclude<keyof typeof exitCodes, 'terminated'>, string>> = {
  done: 'done',
  unexpected: 'unexpected error',
  usage: 'error in the command line or the spec',
  incomplete:
    'the sweep ended with failed batches or an unmet stopping rule; or a check is `wrong` and `--accept` does not ' +
    'allow it',
  notAuthorised: 'not authorised',
  notFound: 'not found',
  conflict: 'conflict with the state of the sweep or the farm',
  unreachable: 'the database or the queue does not respond; try again',
  timedOut: 'the time limit for waiting was reached',
  cancelled: 'cancelled',
  interrupted:
    'interrupted by SIGINT (130) or SIGTERM (143); `up`, `coordinator` and `worker` stop cleanly and exit with 0',
}

const codeText = (exit: keyof typeof meanings): string =>
  exit === 'interrupted' ? `${exitCodes.interrupted}, ${exitCodes.terminated}` : String(exitCodes[exit])

const isEnding = (exit: string): exit is Ending => Object.hasOwn(endings, exit)

/** The HTTP statuses of an ending: the usual one first, then the statuses of more specific request errors. */
function statuses(ending: Ending): string {
  const finer = Object.values(ApiError.table).flatMap(({ ends, status }) =>
    ends === ending && status !== undefined ? [status] : [],
  )
  return [...new Set([endings[ending].status, ...finer.sort((a, b) => a - b)])].join(', ')
}

/** Exit codes of commands, with the corresponding HTTP statuses. */
export const exitTable = (): string[] =>
  table(
    ['exit code', 'meaning', 'HTTP status'],
    (Object.keys(meanings) as (keyof typeof meanings)[]).map((exit) => [
      codeText(exit),
      meanings[exit],
      isEnding(exit) ? statuses(exit) : '',
    ]),
  )
