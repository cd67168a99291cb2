// Where trials start: points, points from a table, and draws from the trial's start stream, coordinate by coordinate.

import './memory'
import { nextNormal } from './normal'
import { seedLane } from './philox'
import { copyPoint, POINT } from './points'
import { nextUniform } from './xoshiro'
import './landscape'

const START_PURPOSE: u32 = 0
const UNIFORM: i32 = 1
const GAUSSIAN: i32 = 2
const INIT: i32 = 3
const TRAINED: i32 = 4

// @ts-ignore: decorator
@inline
function coordinate(theta: usize, i: usize): usize {
  return theta + (i << 4)
}

// @ts-ignore: decorator
@inline
function number(array: usize, i: usize): f64 {
  return load<f64>(array + (i << 3))
}

/** Writes the start of a trial to one lane of `theta`, coordinates 16 bytes apart. */
export function drawStart(theta: usize, trial: i64): void {
  if (START_KIND == TRAINED) {
    copyPoint(theta, 16, <usize>load<i64>(STARTS) + <usize>trial * POINT, 8)
    return
  }
  if (START_KIND != 0) seedLane(START_STREAM, load<u32>(KEY0), load<u32>(KEY1), load<u32>(KEY2), trial, START_PURPOSE)
  if (START_KIND == INIT) drawRuns(theta)
  else {
    for (let i: usize = 0; i < DIMENSION; i++) {
      const first = number(START, i)
      if (START_KIND == UNIFORM) {
        const range = number(START, DIMENSION + i) - first
        store<f64>(coordinate(theta, i), first + range * nextUniform(START_STREAM))
      } else if (START_KIND == GAUSSIAN) {
        const sigma = number(START, DIMENSION + i)
        store<f64>(coordinate(theta, i), first + sigma * nextNormal(START_STREAM))
      } else store<f64>(coordinate(theta, i), first)
    }
  }
}

/** Runs of coordinates (how many are drawn, sigma, how many are 0 after them). */
function drawRuns(theta: usize): void {
  let i: usize = 0
  for (let run: usize = 0; run < START_RUNS; run++) {
    const drawn = i + <usize>number(START, 3 * run)
    const sigma = number(START, 3 * run + 1)
    const end = drawn + <usize>number(START, 3 * run + 2)
    for (; i < drawn; i++) store<f64>(coordinate(theta, i), sigma * nextNormal(START_STREAM))
    for (; i < end; i++) store<f64>(coordinate(theta, i), 0)
  }
}
