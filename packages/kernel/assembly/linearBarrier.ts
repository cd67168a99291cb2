// The loss barrier between theta_0 and theta, in both lanes at once: `scalar/linearBarrier.ts` says how.

import { lossOf } from './landscape'
import { align } from './symmetry'

const PARTS: i32 = 20

/** The barrier between the points at BARRIER_START and BARRIER_END. */
export function linearBarrierOf(): v128 {
  const first = lossOf(BARRIER_START)
  const rise = f64x2.sub(lossOf(BARRIER_END), first)
  let most = f64x2.splat(0)
  for (let part = 1; part < PARTS; part++) {
    const share = f64x2.splat(<f64>part / <f64>PARTS)
    for (let at: usize = 0; at < DIMENSION << 4; at += 16) {
      const from = v128.load(BARRIER_START + at)
      const difference = f64x2.sub(v128.load(BARRIER_END + at), from)
      v128.store(BARRIER_POINT + at, f64x2.add(from, f64x2.mul(share, difference)))
    }
    const above = f64x2.sub(lossOf(BARRIER_POINT), f64x2.add(first, f64x2.mul(share, rise)))
    most = f64x2.max(most, above)
  }
  return most
}

/** The same, after each lane is aligned. */
export function matchedBarrierOf(): v128 {
  for (let lane: usize = 0; lane < 16; lane += 8) {
    for (let i: usize = 0; i < DIMENSION; i++) {
      store<f64>(SYMMETRY_LEFT + (i << 3), load<f64>(BARRIER_START + lane + (i << 4)))
      store<f64>(SYMMETRY_RIGHT + (i << 3), load<f64>(BARRIER_END + lane + (i << 4)))
    }
    align(SYMMETRY_LEFT, SYMMETRY_RIGHT)
    for (let i: usize = 0; i < DIMENSION; i++) {
      store<f64>(BARRIER_START + lane + (i << 4), load<f64>(SYMMETRY_LEFT + (i << 3)))
      store<f64>(BARRIER_END + lane + (i << 4), load<f64>(SYMMETRY_RIGHT + (i << 3)))
    }
  }
  return linearBarrierOf()
}
