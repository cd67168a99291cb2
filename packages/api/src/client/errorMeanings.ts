import type { Meanings } from '@driftfarm/formula'
import type { ServerAddressError } from './error.ts'

export const placeMeanings = {
  STRANGE_ANSWER: { means: 'The server at DRIFTFARM_URL is not a farm, but a proxy or another program.' },
  UNREACHABLE: { means: 'No server answers at DRIFTFARM_URL.' },
  SILENT: { means: 'The farm at DRIFTFARM_URL accepted the connection, but then sent nothing for too long.' },
} satisfies Meanings<typeof ServerAddressError>
