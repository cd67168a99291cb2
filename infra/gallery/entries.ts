import { anisotropic } from './anisotropic.ts'
import { annealing } from './annealing.ts'
import { batchSize } from './batchSize.ts'
import { batchThreshold } from './batchThreshold.ts'
import { connectedMinima } from './connectedMinima.ts'
import { edgeOfStability } from './edgeOfStability.ts'
import type { Entry } from './entry.ts'
import { gamblersRuin } from './gamblersRuin.ts'
import { heavyTails } from './heavyTails.ts'
import { lossScaled } from './lossScaled.ts'
import { meanExit } from './meanExit.ts'
import { momentum } from './momentum.ts'
import { muellerBrown } from './muellerBrown.ts'
import { networkExit } from './networkExit.ts'
import { saddle } from './saddle.ts'
import { oneNeuronMore, safranShamir } from './safranShamir.ts'
import { shapeMatters } from './shapeMatters.ts'
import { fromEight, fromSix } from './spuriousEscape.ts'
import { theorem1 } from './theorem1.ts'
import { twoChannels } from './twoChannels.ts'
import { xor } from './xor.ts'

/** All entries, in the order of the overview. */
export const entries: readonly Entry[] = [
  safranShamir,
  oneNeuronMore,
  fromSix,
  fromEight,
  xor,
  anisotropic,
  batchSize,
  heavyTails,
  lossScaled,
  momentum,
  saddle,
  annealing,
  gamblersRuin,
  meanExit,
  twoChannels,
  muellerBrown,
  theorem1,
  edgeOfStability,
  networkExit,
  shapeMatters,
  batchThreshold,
  connectedMinima,
]
