import type { Meanings } from '@driftfarm/formula'
import type { PlaceError } from './error.ts'

/** What the codes of an address without a farm mean to whoever names it by DRIFTFARM_URL. */
export const placeMeanings = {
  STRANGE_ANSWER: { means: 'Something answers at DRIFTFARM_URL that is no farm: a proxy, or another program.' },
  UNREACHABLE: { means: 'Nothing answers at DRIFTFARM_URL.' },
  SILENT: { means: 'The farm at DRIFTFARM_URL was connected, and then said nothing for longer than it should.' },
} satisfies Meanings<typeof PlaceError>
