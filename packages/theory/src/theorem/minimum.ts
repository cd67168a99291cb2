import { distance, norm } from '@driftfarm/formula'
import { descend, descendAll, gradientCost, type LandscapeFunction } from '@driftfarm/kernel'
import type { Cell, Tables } from '@driftfarm/spec'
import { TheoryError } from '../error.ts'
import { critical, polish } from '../minima/critical.ts'
import { isPoint } from '../question/startPoint.ts'

const near = 1e-6
const newtonSteps = 200
const descentSteps = 100_000
/** In nanoseconds. The descent and Newton's method each have this limit. */
const timeLimit = 2e9
const minSteps = 8
/** The time in nanoseconds to solve a system of d equations, divided by d^3. */
const solveTime = 2
const sameMinimum = 1e-6

export type Base = Awaited<ReturnType<typeof baseOf>>

/** `start` is theta_0 of trial 0, before any warm-up. */
export async function baseOf(cell: Cell, tables: Tables, landscape: LandscapeFunction, eta: number) {
  const start = cell.start.kind === 'point' ? Float64Array.from(cell.start.point) : await startOf(cell, tables)
  const { quench, divergence } = cell.trial
  const { host } = gradientCost(cell.landscape)
  const affordable = (wanted: number, each: number) =>
    Math.min(wanted, Math.max(minSteps, Math.floor(timeLimit / each)))
  const steps = affordable(quench?.steps ?? descentSteps, host)
  const end = Float64Array.from(start)
  const arrival = descend(landscape, end, { gradient: near, eta: quench?.eta ?? eta, steps })
  if (arrival === 'not finite' || end.some((x) => Math.abs(x) > divergence))
    throw new TheoryError(
      'MINIMUM',
      'noise-free descent from the start diverges',
      'set a smaller eta, or choose another start',
    )
  const dimension = start.length
  const newton = affordable(newtonSteps, 2 * dimension * host + solveTime * dimension ** 3)
  const minimum = critical(landscape, polish(landscape, end, { near, steps: newton }))
  if (!Number.isFinite(minimum.loss))
    throw new TheoryError(
      'MINIMUM',
      'noise-free descent from the start ends where the loss is not a number',
      'start where the loss is defined',
    )
  const reach = sameMinimum * (1 + norm(minimum.point))
  const named = cell.trial.minima.find(([, at]) => distance(at, minimum.point) <= reach)
  const random = !isFixed(cell) || cell.trial.warmup > 0
  return { minimum, name: named?.[0] ?? null, start, random }
}

/** Whether all trials start at the same point: a given point, or the end of descent from a given point. */
export function isFixed({ start }: Pick<Cell, 'start'>): boolean {
  return isPoint(start)
}

async function startOf(cell: Cell, tables: Tables): Promise<Float64Array> {
  // This descent ends at the start itself, because its only step is too small to move theta.
  const run = await descendAll(cell, tables, { gradient: Number.MIN_VALUE, eta: Number.MIN_VALUE, steps: 1 })
  return run(0, 1).theta
}
