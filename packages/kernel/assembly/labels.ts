// Label noise of a network: what a step does to the targets of its samples, sample by sample.

import './memory'
import { below } from './batch'
import { nextNormals } from './normal'
import { nextUniform } from './xoshiro'

/** With probability p, another class takes the place of the class of a sample. */
export function flipLabels(base: usize, targets: usize, outputs: i32, samples: i32, p: f64): void {
  for (let at = targets, end = targets + (<usize>samples << 4); at < end; at += 16) {
    flipLabel(base + LABEL_STATE, at, outputs, p)
    flipLabel(base + LABEL_STATE + 8, at + 8, outputs, p)
  }
}

function flipLabel(state: usize, targets: usize, outputs: i32, p: f64): void {
  if (nextUniform(state) >= p) return
  if (outputs == 1) {
    store<f64>(targets, 1 - load<f64>(targets))
    return
  }
  let own: u32 = 0
  while (load<f64>(targets + TILE_ROW * <usize>own) != 1) own++
  const other = below(state, outputs - 1)
  store<f64>(targets + TILE_ROW * <usize>own, 0)
  store<f64>(targets + TILE_ROW * <usize>(other < own ? other : other + 1), 1)
}

/** Adds Gaussian noise to each target. */
export function blurLabels(base: usize, targets: usize, outputs: i32, samples: i32, sigma: v128): void {
  for (let s: usize = 0, end = <usize>samples << 4; s < end; s += 16) {
    for (let at = targets + s, last = at + TILE_ROW * <usize>outputs; at < last; at += TILE_ROW) {
      v128.store(at, f64x2.add(v128.load(at), f64x2.mul(sigma, nextNormals(base + LABEL_STATE))))
    }
  }
}
