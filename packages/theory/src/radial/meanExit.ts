import { dot, RadialGrid, type RadialStep } from './grid.ts'

/**
 * Mean number of steps until |rho R e_1 + scale xi| first leaves the ball: (I - K) t = 1 by elimination without subtraction
 * (Grassmann, Taksar and Heyman, 1985), so that 1 minus a row sum of 1e-12 loses no digit.
 */
export function radialMeanExit(
  { dimension, radius, start, ...step }: RadialStep & { dimension: number; radius: number; start: number },
  nodesPerScale = 5,
): number {
  const grid = new RadialGrid(dimension, radius, Math.ceil((nodesPerScale * radius) / step.scale) + 26)
  const size = grid.nodes.length
  const kernel = grid.kernel(step)
  const leaves = grid.exits(step)
  const mean = new Float64Array(size).fill(1)
  const stays = new Float64Array(size)
  for (let last = size - 1; last > 0; last--) {
    const row = kernel.subarray(last * size, last * size + last)
    const moves = row.reduce((sum, p) => sum + p, leaves[last]!)
    stays[last] = moves
    for (let i = 0; i < last; i++) {
      const share = kernel[i * size + last]! / moves
      if (share === 0) continue
      for (let j = 0; j < last; j++) kernel[i * size + j]! += share * row[j]!
      leaves[i]! += share * leaves[last]!
      mean[i]! += share * mean[last]!
    }
  }
  mean[0]! /= leaves[0]!
  for (let k = 1; k < size; k++) {
    let sum = mean[k]!
    for (let j = 0; j < k; j++) sum += kernel[k * size + j]! * mean[j]!
    mean[k] = sum / stays[k]!
  }
  return 1 + dot(grid.row(start, step), mean)
}
