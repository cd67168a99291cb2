import { describe, expect, test } from 'vitest'
import { point } from '../interval/interval.ts'
import { exactly, growthOf, type Move, type Symmetric, zeroNoise } from './growth.ts'

/** Random numbers of [0, 1) from a fixed seed (Park and Miller). */
function fractions(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
}

interface Case {
  readonly move: Move
  readonly p: Symmetric<number>
  readonly noise: Symmetric<number>
}

function cases(count: number): Case[] {
  const next = fractions(20261128)
  return Array.from({ length: count }, () => {
    const beta = next()
    const eta = 0.05 + next()
    const mu = 0.2 + next()
    const spread = 0.1 + next()
    const [u, w, s] = [2 * next() - 1, 0.05 + next(), 0.1 + 0.2 * next()]
    const p = { xx: spread, xv: spread * u, vv: spread * (u * u + w) }
    const [ex, ev] = [next(), next()]
    return {
      move: { eta, beta, mu, lambda: mu + next() },
      p,
      noise: { xx: s * s * ex * ex, xv: s * s * ex * ev, vv: s * s * ev * ev },
    }
  })
}

/** z^T M^-1 z. */
function inverseForm({ xx, xv, vv }: Symmetric<number>, [x, v]: readonly [number, number]): number {
  return (vv * x * x - 2 * xv * x * v + xx * v * v) / (xx * vv - xv * xv)
}

const step = ({ eta, beta }: Move, h: number, [x, v]: readonly [number, number]) => {
  const next = beta * v - eta * h * x
  return [x + next, next] as const
}

describe('the growth of a step', () => {
  test('bounds every step at every curvature between, and is attained at one of the ends', () => {
    const next = fractions(7)
    let checked = 0
    for (const { move, p, noise } of cases(200)) {
      const growth = growthOf(move, p, exactly(noise), 1)
      if (growth === null) continue
      checked += 1
      const k = { xx: p.xx - 2 * noise.xx, xv: p.xv - 2 * noise.xv, vv: p.vv - 2 * noise.vv }
      let attained = 0
      for (let i = 0; i < 100; i++) {
        const angle = (Math.PI * i) / 100
        const z = [Math.cos(angle), Math.sin(angle)] as const
        const ratio = (h: number) => inverseForm(k, step(move, h, z)) / inverseForm(p, z)
        expect(ratio(move.mu + next() * (move.lambda - move.mu))).toBeLessThanOrEqual(growth.kappa)
        attained = Math.max(attained, ratio(move.mu), ratio(move.lambda))
      }
      expect(attained / growth.kappa).toBeGreaterThan(0.99)
    }
    expect(checked).toBeGreaterThan(100)
  })

  test('the mean over a Gaussian is the closed form, by quadrature', () => {
    for (const { move, p, noise } of cases(60)) {
      const growth = growthOf(move, p, exactly(noise), 1)
      if (growth === null || growth.logA > 2) continue
      const k = { xx: p.xx - 2 * noise.xx, xv: p.xv - 2 * noise.xv, vv: p.vv - 2 * noise.vv }
      const m = [0.3, -0.2] as const
      const e = [Math.sqrt(noise.xx), Math.sqrt(noise.vv)] as const
      let mean = 0
      const width = 0.01
      for (let xi = -60; xi <= 60; xi += width) {
        const at = inverseForm(p, [m[0] + e[0] * xi, m[1] + e[1] * xi])
        mean += (width * Math.exp(at - (xi * xi) / 2)) / Math.sqrt(2 * Math.PI)
      }
      const closed = Math.exp(growth.logA + inverseForm(k, m))
      expect(mean / closed).toBeCloseTo(1, 8)
    }
  })

  test('is null where the expectation is infinite', () => {
    const p = { xx: 1, xv: 0, vv: 1 }
    const noise = { xx: point(0.5), xv: point(0), vv: point(0) }
    expect(growthOf({ eta: 0.1, beta: 0.5, mu: 1, lambda: 1 }, p, noise, 1)).toBeNull()
    expect(growthOf({ eta: 0.1, beta: 0.5, mu: 1, lambda: 1 }, { ...p, xv: 1 }, zeroNoise, 1)).toBeNull()
  })
})
