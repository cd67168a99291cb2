import { benchDigits } from './digits.ts'
import { benchLoading } from './loading.ts'
import { benchObservations } from './observations.ts'
import { benchTestSamples } from './testSamples.ts'

/** Parts of `npm run bench networks`, by name; docs/reference/benchmarks.md says what each prints. */
export const networkParts: Readonly<Record<string, (options: readonly string[]) => Promise<void>>> = {
  digits: benchDigits,
  'test-samples': benchTestSamples,
  loading: benchLoading,
  observations: benchObservations,
}
