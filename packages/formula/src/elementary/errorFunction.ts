import { withSign } from './bits.ts'
import { expBounded } from './exponential.ts'
import { min } from './selection.ts'

/**
 * Error function, which is odd. For 0 <= x < 0.84375 it is x + x P(x^2) / Q(x^2), and for larger x it is 1 - exp(-x^2)
 * P(x) / Q(x) (fixtures/fit.py erf, erfcx; intervals as in W. J. Cody, Math. Comp. 23, 1969). Largest error measured:
 * 1.40 ulp.
 */
export function erf(x: number): number {
  const a = min(Math.abs(x), 6)
  const z = a * a
  if (a < 0.84375) {
    const p2 =
      -0.0476939698647356 + z * (-0.008716708250323914 + z * (-0.0004803189547585447 + z * -2.004590198230704e-5))
    const p = 0.1283791670955126 + z * (-0.31726365778943144 + z * p2)
    const q2 =
      0.09288617823183384 + z * (0.010511395295464446 + z * (0.0006742354683242841 + z * 1.9994249039402407e-5))
    const q = 1 + z * (0.45850687906872767 + z * q2)
    return withSign(a + a * (p / q), x)
  }
  const p3 = 0.5555340958282943 + a * (0.1616464807314779 + a * (0.02801142072883471 + a * 0.002296817379084411))
  const p = 1.0000000027294795 + a * (1.5545296966290283 + a * (1.1981057349681408 + a * p3))
  const q4 = 1.0095308357505375 + a * (0.28854236133206473 + a * (0.04964917294534245 + a * 0.004070996928825498))
  const q = 1 + a * (2.682908897164762 + a * (3.2254440460710776 + a * (2.264402573215722 + a * q4)))
  return withSign(1 - expBounded(-z) * (p / q), x)
}
