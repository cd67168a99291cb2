import { codedError } from '@driftfarm/formula'

const table = {
  NO_SUCH_TRIAL: { ends: 'usage' },
  NO_CONTROL: { ends: 'notFound' },
  REPLAY_DIFFERS: { ends: 'unexpected' },
} as const

export class ReplayError extends codedError(table) {
  override readonly name = 'ReplayError'
}
