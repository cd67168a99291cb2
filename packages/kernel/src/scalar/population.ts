import { elementary } from '@driftfarm/formula'
import type { PopulationLandscape } from '@driftfarm/spec'
import { dot, type LossFunction, sum } from './lossFunction.ts'

const { acos, max, min, sqrt } = elementary

/**
 * The angle between two vectors. `product` is the scalar product of the vectors, and `lengths` is the product of their
 * lengths. If a length is 0, the angle is a right angle.
 */
function angleOf(product: number, lengths: number) {
  const cos = max(min(lengths === 0 ? 0 : product / lengths, 1), -1)
  return { cos, sin: sqrt((1 - cos) * (1 + cos)), supplement: Math.PI - acos(cos) }
}
type Angle = ReturnType<typeof angleOf>

/**
 * Loss and gradient of a population landscape (Safran and Shamir, 2018: Spurious local minima are common in two-layer
 * ReLU neural networks, section 4).
 */
export function populationLoss({ neurons, teachers, inputs }: PopulationLandscape): LossFunction {
  const unitsOf = (theta: Float64Array) =>
    Array.from({ length: neurons }, (_, i) => {
      const w = theta.subarray(i * inputs, (i + 1) * inputs)
      return { w, norm: sqrt(dot(w, w)) }
    })
  const overlap = ({ sin, supplement, cos }: Angle) => sin + supplement * cos
  const teacherIndices = Array.from({ length: teachers }, (_, j) => j)
  return {
    loss(theta) {
      const units = unitsOf(theta)
      const students = units.flatMap(({ w, norm }, i) => [
        ...units.slice(0, i).map((other) => {
          const lengths = norm * other.norm
          return lengths * overlap(angleOf(dot(w, other.w), lengths))
        }),
        (Math.PI / 2) * (norm * norm),
      ])
      const mixed = units.flatMap(({ w, norm }) => teacherIndices.map((j) => norm * overlap(angleOf(w[j]!, norm))))
      const constant = (Math.PI / 2) * teachers + (teachers * (teachers - 1)) / 2
      return max((sum(students) - sum(mixed) + constant) / (2 * Math.PI), 0)
    },
    gradient(theta, into) {
      const units = unitsOf(theta)
      units.forEach(({ w, norm }, i) => {
        const angles = units.map((other, j) =>
          i === j
            ? { cos: 1, sin: 0, supplement: Math.PI }
            : angleOf(i > j ? dot(w, other.w) : dot(other.w, w), norm * other.norm),
        )
        const toTeachers = teacherIndices.map((j) => angleOf(w[j]!, norm))
        const along = toTeachers.reduce(
          (total, { sin }) => total - sin,
          sum(angles.map(({ sin }, j) => units[j]!.norm * sin)),
        )
        const factor = norm === 0 ? 0 : along / norm
        for (let d = 0; d < inputs; d++) {
          const students = sum(angles.map(({ supplement }, j) => supplement * units[j]!.w[d]!))
          const pulled = d < teachers ? students - toTeachers[d]!.supplement : students
          into[i * inputs + d] = (pulled + factor * w[d]!) / (2 * Math.PI)
        }
      })
    },
  }
}
