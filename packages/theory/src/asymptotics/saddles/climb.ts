import type { LandscapeFunction } from '@driftfarm/kernel'
import { eigensystem } from '../../linear/eigensystem.ts'
import { norm } from '../../linear/matrix.ts'
import { hessian } from '../../minima/curvature.ts'
import { type Polished, polish } from '../../minima/polish.ts'

const maxSteps = 300
/** The longest step, in units of 1 + |theta|. */
const longest = 0.05
/** The largest distance from 0, in units of 1 + |start|. */
const farthest = 100

/**
 * Climbs to a saddle by eigenvector following: up along one eigenvector of the Hessian and down along all others until
 * a saddle is near. Newton's method then finds the saddle (Cerjan and Miller, J. Chem. Phys. 75, 1981; Wales, Energy
 * Landscapes, 6.2). The climb follows the eigenvector whose direction is closest to `along`, or the one with the lowest
 * eigenvalue if `along` is null.
 */
export function climb(landscape: LandscapeFunction, from: Float64Array, along: Float64Array | null): Polished | null {
  const gradient = new Float64Array(from.length)
  const limit = farthest * (1 + norm(from))
  let theta = Float64Array.from(from)
  let followed = along
  for (let step = 0; step < maxSteps; step++) {
    landscape.gradient(theta, gradient)
    const curvature = hessian(landscape, theta)
    if (!curvature.values.every(Number.isFinite) || norm(theta) > limit) return null
    const { values, vectors } = eigensystem(curvature)
    const k = followed === null ? 0 : mostLike(vectors, followed)
    if (values[k]! < 0 && norm(gradient) < 1e-6) break
    const forward = followed === null || dot(vectors[k]!, followed) >= 0 ? 1 : -1
    const most = longest * (1 + norm(theta))
    const move = new Float64Array(theta.length)
    vectors.forEach((vector, i) => {
      const slope = dot(vector, gradient)
      const size = Math.max(Math.abs(values[i]!), 1e-6)
      const uphill = slope !== 0 ? Math.sign(slope) : forward
      const part = i !== k ? -slope / size : values[i]! < 0 ? slope / size : uphill * most
      for (let j = 0; j < move.length; j++) move[j] = move[j]! + part * vector[j]!
    })
    // At a minimum, both directions along an eigenvector lead up. The first step goes in the direction of `along`.
    if (step === 0 && along !== null) for (let j = 0; j < move.length; j++) move[j] = most * along[j]!
    const length = norm(move)
    const share = length > most ? most / length : 1
    theta = theta.map((x, j) => x + share * move[j]!)
    followed = followed === null ? null : vectors[k]!.map((x) => forward * x)
  }
  return polish(landscape, theta, { near: Number.POSITIVE_INFINITY, steps: 50 })
}

function mostLike(vectors: readonly Float64Array[], other: Float64Array): number {
  const likeness = vectors.map((vector) => Math.abs(dot(vector, other)))
  return likeness.indexOf(Math.max(...likeness))
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, x, i) => sum + x * b[i]!, 0)
}
