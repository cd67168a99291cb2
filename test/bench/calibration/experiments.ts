import { cells } from './cells.ts'
import { contrasts } from './contrasts.ts'
import type { Experiment } from './experiment.ts'
import { fits } from './fits.ts'
import { splittings } from './splitting.ts'
import { stoppings } from './stopping.ts'
import { thresholds } from './thresholds.ts'

/** All that is judged, in the order in which it is printed. */
export const experiments: readonly Experiment[] = [
  ...cells,
  ...stoppings,
  ...contrasts,
  ...thresholds,
  ...fits,
  ...splittings,
]
