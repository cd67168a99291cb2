import { elementary, tanhTable } from '@driftfarm/formula'
import asc from 'assemblyscript/asc'
import { beforeAll, describe, expect, test } from 'vitest'
import { places as memoryPlaces } from '../memory/map.ts'
import { runtime } from '../run/runtime.ts'
import { more, unary as plain } from './randomUpdates.fixture.ts'

type Files = Readonly<Record<string, string>>
/** Of one argument. */
const unary = [...plain, ...more] as const
const binary = ['power', 'min', 'max'] as const
type Name = (typeof unary)[number] | (typeof binary)[number]

/** One exported loop a function, over vectors of two lanes. */
function loop(name: Name): string {
  const values = (binary as readonly string[]).includes(name)
    ? `${name}_v(v128.load(a + i), v128.load(b + i))`
    : `${name}_v(v128.load(a + i))`
  return `export function ${name}(a: usize, b: usize, out: usize, size: usize): void {
    for (let i: usize = 0; i < size; i += 16) v128.store(out + i, ${values})
  }`
}

async function assemble(names: readonly Name[], runtimeFiles: Files = runtime): Promise<Uint8Array<ArrayBuffer>> {
  const files: Files = {
    ...runtimeFiles,
    'entry.ts': [
      `import { ${names.map((name) => `${name}_v`).join(', ')} } from './elementary'`,
      ...names.map(loop),
    ].join('\n'),
  }
  let wasm: Uint8Array<ArrayBuffer> | undefined
  const options = [
    '--runtime',
    'stub',
    '--enable',
    'simd',
    '-O3',
    '--noAssert',
    '--use',
    'abort=',
    '--initialMemory',
    '64',
  ]
  const { error, stderr } = await asc.main(['entry.ts', '--outFile', 'entry.wasm', ...options], {
    readFile: (name) => files[name] ?? null,
    writeFile: (name, contents) => {
      if (name === 'entry.wasm') wasm = new Uint8Array(contents as Uint8Array)
    },
    listFiles: () => [],
  })
  if (error || !wasm) throw new Error(stderr.toString())
  return wasm
}

/** Values a round; inputs and outputs lie behind the static data and the table of tanh. */
const round = 65536
/** Patterns and structured arguments take turns. */
const rounds = process.env.DRIFTFARM_TEST_TIER === 'full' ? 4 : 2
const first = memoryPlaces.shape
const places = { a: first, b: first + 8 * round, out: first + 16 * round }

type Loop = (a: number, b: number, out: number, size: number) => void

class Lanes {
  readonly a: Float64Array
  readonly b: Float64Array
  readonly out: Float64Array
  readonly #functions: Record<string, Loop>

  constructor(wasm: Uint8Array<ArrayBuffer>) {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm))
    this.#functions = exports as Record<string, Loop>
    const { buffer } = (exports as { memory: WebAssembly.Memory }).memory
    new Float64Array(buffer, memoryPlaces.tanhTable, tanhTable.length).set(tanhTable)
    this.a = new Float64Array(buffer, places.a, round)
    this.b = new Float64Array(buffer, places.b, round)
    this.out = new Float64Array(buffer, places.out, round)
  }

  run(name: Name): void {
    this.#functions[name]!(places.a, places.b, places.out, 8 * round)
  }
}

/** xorshift64 with a fixed seed: the same arguments every time. */
class Arguments {
  #state = 0x2545f4914f6cdd1dn
  readonly #bits = new BigUint64Array(1)
  readonly #double = new Float64Array(this.#bits.buffer)

  word(): bigint {
    let x = this.#state
    x ^= BigInt.asUintN(64, x << 13n)
    x ^= x >> 7n
    x ^= BigInt.asUintN(64, x << 17n)
    this.#state = x
    return x
  }

  unit(): number {
    return Number(this.word() >> 11n) / 2 ** 53
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.unit()
  }

  /** Any bit pattern: NaNs, infinities, subnormals and huge numbers among them. */
  pattern(): number {
    this.#bits[0] = this.word()
    return this.#double[0]!
  }

  /** Where the functions change their formula, and what is special. */
  structured(): number {
    const choice = Math.floor(this.unit() * 6)
    if (choice === 0) return this.between(-2, 2)
    if (choice === 1) return this.between(-800, 800)
    if (choice === 2) return this.between(-1, 1) * 2 ** this.between(-40, 40)
    if (choice === 3) return Math.round(this.between(-80, 80)) / 4
    if (choice === 4) return Math.round(this.between(0, 1e6)) * 1.5707963267948966
    return special[Math.floor(this.unit() * special.length)]! * (this.unit() < 0.5 ? 1 : -1)
  }
}

const special = [0, 1, 2, 3, 0.5, 5e-324, 2.2250738585072014e-308, 2.225073858507201e-308, 1.7976931348623157e308]
  .concat([
    Number.POSITIVE_INFINITY,
    Number.NaN,
    1e20,
    1e22,
    1048576,
    1048575.9999999999,
    709.782712893384,
    710.4758600739439,
  ])
  .concat([
    745.1332191019412, 0.625, 0.84375, 0.4375, 0.6875, 1.1875, 2.4375, 0.6743316650390625, 1.224744871391589,
    9007199254740992,
  ])

/** Lanes that differ from the scalar function; any NaN equals any NaN. */
function differences(name: Name, lanes: Lanes): number {
  const f = elementary[name] as (a: number, b: number) => number
  let found = 0
  for (let i = 0; i < round; i++) if (!Object.is(f(lanes.a[i]!, lanes.b[i]!), lanes.out[i]!)) found++
  return found
}

function compare(name: Name, lanes: Lanes, rounds: number): number {
  const random = new Arguments()
  let found = 0
  for (let r = 0; r < rounds; r++) {
    for (let i = 0; i < round; i++) {
      lanes.a[i] = r % 2 ? random.pattern() : random.structured()
      lanes.b[i] = random.unit() < 0.5 ? random.pattern() : random.structured()
    }
    lanes.run(name)
    found += differences(name, lanes)
  }
  return found
}

describe('SIMD lanes carry the bits of the scalar functions', () => {
  let lanes: Lanes
  beforeAll(async () => {
    lanes = new Lanes(await assemble([...unary, ...binary]))
  })

  test.each([...unary, ...binary])(`%s, ${rounds * round} bit patterns and structured arguments`, (name) => {
    expect(compare(name, lanes, rounds)).toBe(0)
  })
})

test.each<[Name, string, string]>([
  ['exp', '0.04166666666649663', '0.04166666666649664'],
  ['log', '0.6666666666666734', '0.6666666666666744'],
  ['sin', '0xe99c7026b45f7e41', '0xe99c7026b45f7e40'],
  ['tanh', '0.3333333333279204', '0.33333333332'],
])('one coefficient of %s altered in its last digits is seen', async (name, digits, altered) => {
  const holding = Object.entries(runtime).filter(([, text]) => text.split(digits).length === 2)
  expect(holding).toHaveLength(1)
  const [[file, text]] = holding as [[string, string]]
  const lanes = new Lanes(await assemble([name], { ...runtime, [file]: text.replace(digits, altered) }))
  expect(compare(name, lanes, 2)).toBeGreaterThan(0)
})

test('what is not called is not compiled', async () => {
  const [all, one] = [await assemble([...unary, ...binary]), await assemble(['sqrt'])]
  expect(one.length).toBeLessThan(300)
  expect(all.length).toBeLessThan(16_000)
})
