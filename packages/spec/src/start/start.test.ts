import { describe, expect, test } from 'vitest'
import { headerOf, npyBytes } from '../files/npy.fixture.ts'
import { cellOf, type FileContents, mistakeOf, plan } from '../plan/plan.fixture.ts'

const two = { landscape: { preset: 'banana' } }
const startOf = (start: unknown, files: FileContents = {}) => cellOf({ ...two, start }, files).start

test.each([
  [{ uniform: { low: -1, high: '= 1 + 1' } }, { kind: 'uniform', low: -1, high: 2 }],
  [{ uniform: { low: [-1, 0], high: [1, 0] } }, { kind: 'uniform', low: [-1, 0], high: [1, 0] }],
  [{ uniform: { low: [-1, -1], high: 1 } }, { kind: 'uniform', low: -1, high: 1 }],
  [{ gaussian: { mean: [0, 1], sigma: 0.5 } }, { kind: 'gaussian', mean: [0, 1], sigma: 0.5 }],
  [{ gaussian: { mean: 0, sigma: [0, 1] } }, { kind: 'gaussian', mean: 0, sigma: [0, 1] }],
  [
    { descend: { from: [0.5, 0.5] } },
    {
      kind: 'descend',
      from: { kind: 'point', point: [0.5, 0.5] },
      descent: { gradient: 1e-9, eta: 0.01, steps: 100_000 },
    },
  ],
  [
    { descend: { from: { uniform: { low: 0, high: 1 } }, gradient: 1e-6, eta: '= 1/4', steps: 50 } },
    {
      kind: 'descend',
      from: { kind: 'uniform', low: 0, high: 1 },
      descent: { gradient: 1e-6, eta: 0.25, steps: 50 },
    },
  ],
  [
    { descend: { from: { minimum: 'left' } } },
    {
      kind: 'descend',
      from: { kind: 'point', point: [-1, 1] },
      descent: { gradient: 1e-9, eta: 0.01, steps: 100_000 },
    },
  ],
])('%j', (start, expected) => {
  expect(startOf(start)).toEqual(expected)
})

test.each(['he', 'xavier', 'lecun'])('a network starts by %s', (init) => {
  const landscape = { network: { layers: [2, 2, 1], data: { preset: 'xor' } } }
  expect(cellOf({ landscape, start: { init } }).start).toEqual({ kind: 'init', law: init })
  expect(cellOf({ landscape, start: { descend: { from: { init } } } }).start).toMatchObject({ from: { law: init } })
})

test('starts are swept', () => {
  const sweep = plan({
    ...two,
    start: { uniform: { low: -1, high: 1 } },
    sweep: { 'start.uniform.high': [1, [2, 3]], 'trial.warmup': [0, 5] },
  })
  expect([...sweep.cells()].map(({ cell }) => [cell.start, cell.trial.warmup])).toEqual([
    [{ kind: 'uniform', low: -1, high: 1 }, 0],
    [{ kind: 'uniform', low: -1, high: 1 }, 5],
    [{ kind: 'uniform', low: -1, high: [2, 3] }, 0],
    [{ kind: 'uniform', low: -1, high: [2, 3] }, 5],
  ])
})

describe('a file of NumPy', () => {
  const from = (bytes: Uint8Array) => startOf({ file: 'theta.npy' }, { 'theta.npy': bytes })
  const refused = (bytes: Uint8Array) => mistakeOf({ ...two, start: { file: 'theta.npy' } }, { 'theta.npy': bytes })
  const good = npyBytes([0.1, -0], headerOf('(2,)'))
  const bigEndian = npyBytes([0.1, -0], headerOf('(2,)', '>f8'))
  for (const end of [8, 16]) bigEndian.subarray(bigEndian.length - end, bigEndian.length - end + 8).reverse()

  test.each([
    ['version 1', good],
    ['version 2', npyBytes([0.1, -0], headerOf('(2,)'), 2)],
    ['one row', npyBytes([0.1, -0], headerOf('(1, 2)'))],
    ['Fortran order', npyBytes([0.1, -0], headerOf('(1, 2)', '<f8', 'True'))],
    ['big-endian', bigEndian],
    ['a view into more', new Uint8Array([1, 2, 3, ...good]).subarray(3)],
  ])('%s is a point', (_what, bytes) => {
    expect(from(bytes)).toEqual({ kind: 'point', point: [0.1, 0] })
  })

  /** What NumPy 2.4.6 wrote: np.save(f, np.array([1.5, -2.0])), in hex. */
  test('as NumPy writes it', () => {
    const hex =
      '934e554d5059010076007b276465736372273a20273c6638272c2027666f727472616e5f6f72646572273a2046616c73652c' +
      '20277368617065273a2028322c292c207d202020202020202020202020202020202020202020202020202020202020202020' +
      '2020202020202020202020202020202020202020202020202020200a000000000000f83f00000000000000c0'
    const bytes = Uint8Array.from(hex.match(/../g)!, (byte) => Number.parseInt(byte, 16))
    expect(from(bytes)).toEqual({ kind: 'point', point: [1.5, -2] })
  })

  test('is the point it holds', () => {
    const ids = [{ file: 'theta.npy' }, [0.1, 0]].map((start) => plan({ ...two, start }, { 'theta.npy': good }).id())
    expect(ids[0]).toBe(ids[1])
  })

  test.each([
    ['a text', new TextEncoder().encode('1,2,3,4,5,6,7'), 'it is not a .npy file'],
    ['nothing', new Uint8Array(), 'it is not a .npy file'],
    ['complex', npyBytes([0.1, 0], headerOf('(1,)', '<c16')), "of type '<c16', not numbers"],
    [
      'a matrix',
      npyBytes([1, 2, 3, 4], headerOf('(2, 2)')),
      'its shape is (2, 2), but the landscape has dimension 2; save an array of shape (2,) or (1, 2)',
    ],
    ['a scalar', npyBytes([1], headerOf('()')), 'its shape is (), but the landscape has dimension 2'],
    ['three numbers', npyBytes([1, 2, 3], headerOf('(3,)')), 'its shape is (3), but the landscape has dimension 2'],
    ['NaN', npyBytes([1, Number.NaN], headerOf('(2,)')), 'coordinate 2 is NaN'],
    ['too few bytes', npyBytes([1], headerOf('(2,)')), '8 bytes follow its header, but 2 numbers take 16'],
    ['half a header', good.subarray(0, 40), 'ends within its header'],
    ['version 3', good.with(6, 3), 'version 3; versions 1 and 2'],
  ])('%s is refused', (_what, bytes, words) => {
    expect(refused(bytes)).toMatch(/^FILE a\.json:1:\d+: start\.file: "theta\.npy" cannot be used: /)
    expect(refused(bytes)).toContain(words)
  })

  test('that is not there is refused', () => {
    expect(mistakeOf({ ...two, start: { file: 'none.npy' } })).toContain(
      '"none.npy" cannot be used: no such file none.npy',
    )
  })
})
