// The loss barrier between theta_0 and theta, in both lanes at once: `scalar/linearBarrier.ts` says how.

import { lossOf } from './landscape'
import { copyPoint } from './points'
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
    copyPoint(SYMMETRY_LEFT, 8, BARRIER_START + lane, 16)
    copyPoint(SYMMETRY_RIGHT, 8, BARRIER_END + lane, 16)
    align(SYMMETRY_LEFT, SYMMETRY_RIGHT)
    copyPoint(BARRIER_START + lane, 16, SYMMETRY_LEFT, 8)
    copyPoint(BARRIER_END + lane, 16, SYMMETRY_RIGHT, 8)
  }
  return linearBarrierOf()
}
