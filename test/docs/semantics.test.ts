import { createHash } from 'node:crypto'
import { runReference } from '@driftfarm/kernel'
import { canonicalJson, parseSweep } from '@driftfarm/spec'
import { expect, test } from 'vitest'

// docs/develop/semantics.md once more, from its words alone: streams, update, events and record of a one-dimensional
// trial.

const mask32 = 0xffffffffn
const mask64 = (1n << 64n) - 1n

/** Philox4x32-10 of four counter words and two key words. */
function philox(counter: readonly bigint[], key: readonly bigint[]): bigint[] {
  let [a, b, c, d] = counter as [bigint, bigint, bigint, bigint]
  let [k, l] = key as [bigint, bigint]
  for (let round = 0; round < 10; round++) {
    const left = a * 0xd2511f53n
    const right = c * 0xcd9e8d57n
    ;[a, b, c, d] = [(right >> 32n) ^ b ^ k, right & mask32, (left >> 32n) ^ d ^ l, left & mask32]
    k = (k + 0x9e3779b9n) & mask32
    l = (l + 0xbb67ae85n) & mask32
  }
  return [a, b, c, d]
}

const rotate = (x: bigint, by: bigint) => ((x << by) | (x >> (64n - by))) & mask64

/** xoshiro256++. */
function generator(words: readonly bigint[]): () => bigint {
  const s = [0, 2, 4, 6].map((i) => words[i]! | (words[i + 1]! << 32n)) as [bigint, bigint, bigint, bigint]
  return () => {
    const result = (rotate((s[0] + s[3]) & mask64, 23n) + s[0]) & mask64
    const shifted = (s[1] << 17n) & mask64
    s[2] ^= s[0]
    s[3] ^= s[1]
    s[1] ^= s[2]
    s[0] ^= s[3]
    s[2] ^= shifted
    s[3] = rotate(s[3], 45n)
    return result
  }
}

function streamOf(scope: string, seed: string, trial: number): () => bigint {
  const hash = createHash('sha256').update(`driftfarm streams 1\n${seed}\n${scope}`).digest()
  const [k0, k1, k2] = [0, 4, 8].map((at) => BigInt(hash.readUInt32LE(at))) as [bigint, bigint, bigint]
  const index = BigInt(trial)
  const block = (b: bigint) => philox([index & mask32, index >> 32n, 65536n * 2n + b, k2], [k0, k1])
  return generator([...block(0n), ...block(1n)])
}

const sign = (bits: bigint) => ((bits & 1n) === 1n ? -1 : 1)
const uniform = (bits: bigint) => sign(bits) * ((Number(2n * (bits >> 12n) + 1n) / 2 ** 53) * 1.7320508075688772)

const spec = (streams: string) => `
version: 1
seed: "0xffffffffffffffff"
streams: ${streams}
landscape: { preset: double-well }
start: [-0.9]
update:
  rule: momentum
  beta: 0.5
  eta: { exponential: { initial: 0.2, rate: 1 } }
  drift: [{ law: uniform, sigma: 0.7 }, { law: rademacher, step: { piecewise: [[0, 0.1], [3, 0.2]] } }]
trial:
  steps: 60
  escape: { far: "x >= 0.15", near: "x >= 0" }
  converge: { within: 0.2, of: right, hold: 3 }
  afterEscape: continue
  marks: { low: "loss <= 0.01" }
  classify: { right: "x > 0" }
trials: 1
`

function recordOf(scope: string, trial: number): Buffer {
  const next = streamOf(scope, '18446744073709551615', trial)
  let [x, v, n, held, escaped, exit, converged, mark] = [-0.9, 0, 0, 0, 0, 0, 0, 0]
  const loss = () => {
    const inner = x * x - 1
    return (inner * inner) / 4
  }
  while (n < 60 && converged === 0) {
    const gradient = x * (x * x - 1)
    const first = 0.7 * uniform(next())
    const second = (n >= 3 ? 0.2 : 0.1) * sign(next())
    v = 0.5 * v - 0.2 * (gradient + first)
    x = x + v + second
    n++
    if (mark === 0 && loss() <= 0.01) mark = n
    if (escaped === 0 && x >= 0) [escaped, exit] = [n, x >= 0.15 ? 1 : 2]
    held = (x - 1) * (x - 1) <= 0.2 * 0.2 ? held + 1 : 0
    if (held === 3) converged = n
  }
  const record = Buffer.alloc(56)
  record.writeUInt8(converged > 0 ? 1 : escaped > 0 ? 0 : 3, 0)
  record.writeUInt8(exit, 1)
  record.writeUInt16LE(converged > 0 ? 2 : 0, 2)
  record.writeUInt16LE(x > 0 ? 1 : 0xffff, 4)
  for (const [at, step] of [escaped, converged, n].entries()) record.writeBigInt64LE(BigInt(step), 8 + 8 * at)
  record.writeDoubleLE(loss(), 32)
  record.writeDoubleLE(Math.sqrt((x + 0.9) * (x + 0.9)), 40)
  record.writeBigInt64LE(BigInt(mark), 48)
  return record
}

test.each(['independent', 'common'])('the page is enough to make the bytes of a trial, streams: %s', (streams) => {
  const { cell } = parseSweep(spec(streams), { fileName: 'page.yaml' }).cell(0)
  const { kernel: _, ...rest } = cell
  const scope = streams === 'common' ? 'common' : canonicalJson(rest)
  const seen = new Set<number>()
  for (const first of [0, 2 ** 32 + 5]) {
    const { records } = runReference(cell, first, 100, { horizons: [] })
    for (let i = 0; i < 100; i++) {
      const record = Buffer.from(records.subarray(56 * i, 56 * (i + 1)))
      expect(record.toString('hex')).toBe(recordOf(scope, first + i).toString('hex'))
      seen.add(record[0]! + 10 * record[1]!)
    }
  }
  // Each way of ending that this cell has, so that none is compared in words alone.
  expect([...seen].sort((a, b) => a - b)).toEqual([3, 10, 11, 20, 21])
})

test('another trial has other bytes', () => {
  expect(recordOf('common', 1).equals(recordOf('common', 0))).toBe(false)
})
