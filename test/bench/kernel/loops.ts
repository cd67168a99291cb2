import { compileFiles } from '../../../packages/kernel/src/run/compile.ts'
import { warm } from './kernels.ts'
import { type Contestant, nanosecondsPer } from './measure.ts'

/** Ways to draw normals, two lanes at a time. */
export type Generator =
  /**
   * As the kernel draws, with so many layers; `look` is how tables are read, `branch` once a vector or once for all.
   */
  | {
      readonly kind: 'ziggurat'
      readonly layers: 256 | 512 | 1024
      readonly look: 'pairs' | 'lanes'
      readonly branch: 'each' | 'all'
    }
  /** Both outputs are used: an odd step takes the sines of the even one before. */
  | { readonly kind: 'box-muller' }

/** What is done with a normal: added up, or a step of the double well (eta 0.1, sigma 1) without events. */
export type Use = 'sum' | 'double well'

interface Exports {
  readonly memory: WebAssembly.Memory
  run(steps: number): number
}

const statesAt = 0x30000
const layersAt = 0x40000
const densitiesAt = 0x50000
const numbersAt = 0x60000
/** Where the tail begins and the area of a layer. */
const shapes = {
  256: [3.654152885361009, 0.004928673233974655],
  512: [3.852046150368391, 0.002456766351541356],
  1024: [4.038849846109504, 0.001226324646353088],
} as const

/** A bare loop over `vectors` pairs of lanes, compiled as kernels are: no events, no refill, no tally. */
export async function loopContestant(
  name: string,
  generator: Generator,
  use: Use,
  vectors: number,
): Promise<Contestant> {
  const binary = await compileFiles({ 'loop.ts': source(generator, use, vectors) }, 'loop.ts')
  const { exports } = await WebAssembly.instantiate(await WebAssembly.compile(binary as BufferSource), {})
  const { memory, run } = exports as unknown as Exports
  memory.grow(8)
  if (generator.kind === 'ziggurat') {
    const { table, densities } = tables(generator.layers)
    new Float64Array(memory.buffer, layersAt, table.length).set(table)
    new Float64Array(memory.buffer, densitiesAt, densities.length).set(densities)
  }
  new Float64Array(memory.buffer, numbersAt, 2).set([0.1, 1])
  // Any state that is not zero will do.
  new Uint32Array(memory.buffer, statesAt, 16 * vectors).forEach((_, i, states) => {
    states[i] = Math.imul(i + 1, 0x9e3779b9) ^ (i << 7)
  })
  const steps = 2 * Math.ceil(200_000 / vectors)
  warm(() => run(steps))
  return { name, time: () => nanosecondsPer(2 * vectors * steps, () => run(steps)) }
}

function tables(layers: keyof typeof shapes): { table: Float64Array; densities: Float64Array } {
  const [tail, area] = shapes[layers]
  const density = (x: number) => Math.exp(-0.5 * x * x)
  const edges = new Float64Array(layers + 1)
  edges[0] = area / density(tail)
  edges[1] = tail
  for (let i = 2; i < layers; i++) edges[i] = Math.sqrt(-2 * Math.log(area / edges[i - 1]! + density(edges[i - 1]!)))
  const table = Float64Array.from({ length: 2 * layers }, (_, i) =>
    i % 2 === 0 ? edges[i / 2 + 1]! / edges[i / 2]! : edges[(i - 1) / 2]!,
  )
  return { table, densities: edges.map(density) }
}

function source(generator: Generator, use: Use, vectors: number): string {
  const all = Array.from({ length: vectors }, (_, v) => v)
  const state = (v: number, code: (word: string, at: string) => string) =>
    [0, 1, 2, 3].map((k) => code(`s${k}_${v}`, `${statesAt + 64 * v + 16 * k}`))
  const load = (v: number) => state(v, (word, at) => `${word} = v128.load(${at})`)
  const store = (v: number) => state(v, (word, at) => `v128.store(${at}, ${word})`)
  const body =
    generator.kind === 'ziggurat'
      ? [...zigguratStep(generator, all, store, load), ...all.flatMap((v) => used(use, v, `xi_${v}`))]
      : boxMullerSteps(use, all)
  return [
    "import { fraction, signed, ratios, widths } from './normal'",
    "import { output, rotate, nextLane, nextUniform } from './xoshiro'",
    "import { exp_v, log_v } from './elementary'",
    generator.kind === 'ziggurat' ? repair(generator.layers) : boxMuller,
    'export function run(steps: i32): f64 {',
    `const eta = v128.load64_splat(${numbersAt}), sigma = v128.load64_splat(${numbersAt + 8})`,
    ...all.flatMap((v) => [
      ...state(v, (word, at) => `let ${word} = v128.load(${at})`),
      `let x_${v} = f64x2.splat(${use === 'sum' ? 0 : -1})`,
    ]),
    `for (let i = 0; i < steps; i += ${generator.kind === 'ziggurat' ? 1 : 2}) {`,
    ...body,
    '}',
    'let total = f64x2.splat(0)',
    ...all.flatMap((v) => [`total = f64x2.add(total, x_${v})`, ...store(v)]),
    'return f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1)',
    '}',
  ].join('\n')
}

function used(use: Use, v: number, xi: string): string[] {
  if (use === 'sum') return [`x_${v} = f64x2.add(x_${v}, ${xi})`]
  const cube = `f64x2.mul(f64x2.mul(x_${v}, x_${v}), x_${v})`
  const gradient = `f64x2.sub(${cube}, x_${v})`
  return [`x_${v} = f64x2.sub(x_${v}, f64x2.mul(eta, f64x2.add(${gradient}, f64x2.mul(sigma, ${xi}))))`]
}

function bits(v: number, name: string): string[] {
  const [s0, s1, s2, s3] = [0, 1, 2, 3].map((k) => `s${k}_${v}`)
  return [
    `const ${name} = output(${s0}, ${s3})`,
    `const t${name} = i64x2.shl(${s1}, 17)`,
    `${s2} = v128.xor(${s2}, ${s0})`,
    `${s3} = v128.xor(${s3}, ${s1})`,
    `${s1} = v128.xor(${s1}, ${s2})`,
    `${s0} = v128.xor(${s0}, ${s3})`,
    `${s2} = v128.xor(${s2}, t${name})`,
    `${s3} = rotate(${s3}, 45)`,
  ]
}

function zigguratStep(
  { layers, look, branch }: Extract<Generator, { kind: 'ziggurat' }>,
  all: readonly number[],
  store: (v: number) => string[],
  load: (v: number) => string[],
): string[] {
  const shift = { 256: 0, 512: 1, 1024: 2 }[layers]
  const first = (v: number) => {
    const at = (half: 0 | 2) => `<usize>i32x4.extract_lane(at_${v}, ${half})`
    const pick = (offset: number) =>
      `v128.load_lane<f64>(${at(2)}, v128.load64_zero(${at(0)}, ${layersAt + offset}), 1, ${layersAt + offset})`
    return [
      ...bits(v, `b_${v}`),
      `const at_${v} = v128.and(i64x2.shl(b_${v}, ${shift}), i64x2.splat(${(layers - 1) << 4}))`,
      `const f_${v} = fraction(b_${v})`,
      ...(look === 'lanes'
        ? [`const ratio_${v} = ${pick(0)}`, `const width_${v} = ${pick(8)}`]
        : [
            `const p_${v} = v128.load(${at(0)}, ${layersAt})`,
            `const q_${v} = v128.load(${at(2)}, ${layersAt})`,
            `const ratio_${v} = ratios(p_${v}, q_${v})`,
            `const width_${v} = widths(p_${v}, q_${v})`,
          ]),
      `const outside_${v} = f64x2.ge(f_${v}, ratio_${v})`,
      `let xi_${v} = signed(f64x2.mul(f_${v}, width_${v}), b_${v})`,
    ]
  }
  const hint = (v: number) => [
    `if (i64x2.bitmask(outside_${v}) != 0) {`,
    ...store(v),
    `xi_${v} = repair(${statesAt + 64 * v}, b_${v}, xi_${v}, outside_${v})`,
    ...load(v),
    '}',
  ]
  if (branch === 'each') return all.flatMap((v) => [...first(v), ...hint(v)])
  const any = all.map((v) => `outside_${v}`).reduce((one, other) => `v128.or(${one}, ${other})`)
  return [...all.flatMap(first), `if (i64x2.bitmask(${any}) != 0) {`, ...all.flatMap(hint), '}']
}

/** As in packages/kernel/assembly/normal.ts, for any number of layers. */
function repair(layers: keyof typeof shapes): string {
  const [tail] = shapes[layers]
  const shift = { 256: 4, 512: 3, 1024: 2 }[layers]
  return `
function exp(x: f64): f64 { return f64x2.extract_lane(exp_v(f64x2.splat(x)), 0) }
function log(x: f64): f64 { return f64x2.extract_lane(log_v(f64x2.splat(x)), 0) }
function repair(state: usize, bits: v128, x: v128, outside: v128): v128 {
  if (i64x2.extract_lane(outside, 0)) x = f64x2.replace_lane(x, 0, attempt(state, i64x2.extract_lane(bits, 0)))
  if (i64x2.extract_lane(outside, 1)) x = f64x2.replace_lane(x, 1, attempt(state + 8, i64x2.extract_lane(bits, 1)))
  return x
}
function attempt(state: usize, bits: u64): f64 {
  while (true) {
    const layer = <usize>((bits >> ${shift}) & ${layers - 1})
    const f = reinterpret<f64>((bits >> 12) | 0x3ff0000000000000) - reinterpret<f64>(<u64>0x3fefffffffffffff)
    const x = f * load<f64>(${layersAt} + (layer << 4), 8)
    const negative = (bits & 1) != 0
    if (f < load<f64>(${layersAt} + (layer << 4))) return negative ? -x : x
    if (layer == 0) {
      while (true) {
        const a = -log(1.0 - nextUniform(state)) / ${tail}
        const b = -log(1.0 - nextUniform(state))
        if (b + b > a * a) return negative ? -${tail} - a : ${tail} + a
      }
    }
    const below = load<f64>(${densitiesAt} + (layer << 3), 0)
    const above = load<f64>(${densitiesAt} + (layer << 3), 8)
    if (below + nextUniform(state) * (above - below) < exp(x * x * -0.5)) return negative ? -x : x
    bits = nextLane(state)
  }
}`
}

function boxMullerSteps(use: Use, all: readonly number[]): string[] {
  return all.flatMap((v) => [
    ...bits(v, `b_${v}`),
    ...bits(v, `c_${v}`),
    `const radius_${v} = f64x2.sqrt(f64x2.mul(log_v(fraction(b_${v})), f64x2.splat(-2)))`,
    `const quarters_${v} = f64x2.mul(fraction(c_${v}), f64x2.splat(4))`,
    `const nearest_${v} = f64x2.nearest(quarters_${v})`,
    `const angle_${v} = f64x2.mul(f64x2.sub(quarters_${v}, nearest_${v}), f64x2.splat(1.5707963267948966))`,
    `const sine_${v} = sine(angle_${v})`,
    `const cosine_${v} = cosine(angle_${v})`,
    // Quadrant: odd ones swap sine and cosine, the signs follow from its two bits.
    `const quadrant_${v} = i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(nearest_${v}))`,
    `const odd_${v} = i64x2.ne(v128.and(quadrant_${v}, i64x2.splat(1)), i64x2.splat(0))`,
    `const turned_${v} = v128.bitselect(sine_${v}, cosine_${v}, odd_${v})`,
    `const other_${v} = v128.bitselect(cosine_${v}, sine_${v}, odd_${v})`,
    `const minus_${v} = i64x2.shl(i64x2.shr_u(i64x2.add(quadrant_${v}, i64x2.splat(1)), 1), 63)`,
    `const xi_${v} = f64x2.mul(radius_${v}, v128.xor(turned_${v}, minus_${v}))`,
    `const spare_${v} = f64x2.mul(radius_${v}, v128.xor(other_${v}, i64x2.shl(i64x2.shr_u(quadrant_${v}, 1), 63)))`,
    ...used(use, v, `xi_${v}`),
    ...used(use, v, `spare_${v}`),
  ])
}

/** Kernels of sine and cosine as in fdlibm. */
const boxMuller = `
// @ts-ignore: decorator
@inline
function sine(r: v128): v128 {
  const z = f64x2.mul(r, r)
  let s = f64x2.splat(1.58969099521155010221e-10)
  s = f64x2.add(f64x2.mul(s, z), f64x2.splat(-2.50507602534068634195e-8))
  s = f64x2.add(f64x2.mul(s, z), f64x2.splat(2.7557313707070068e-6))
  s = f64x2.add(f64x2.mul(s, z), f64x2.splat(-1.98412698298579493134e-4))
  s = f64x2.add(f64x2.mul(s, z), f64x2.splat(8.33333333332248946124e-3))
  s = f64x2.add(f64x2.mul(s, z), f64x2.splat(-1.66666666666666324348e-1))
  return f64x2.add(r, f64x2.mul(f64x2.mul(r, z), s))
}
// @ts-ignore: decorator
@inline
function cosine(r: v128): v128 {
  const z = f64x2.mul(r, r)
  let c = f64x2.splat(-1.13596475577881948265e-11)
  c = f64x2.add(f64x2.mul(c, z), f64x2.splat(2.08757232129817482790e-9))
  c = f64x2.add(f64x2.mul(c, z), f64x2.splat(-2.75573143513906633035e-7))
  c = f64x2.add(f64x2.mul(c, z), f64x2.splat(2.48015872894767294178e-5))
  c = f64x2.add(f64x2.mul(c, z), f64x2.splat(-1.38888888888741095749e-3))
  c = f64x2.add(f64x2.mul(c, z), f64x2.splat(4.16666666666666019037e-2))
  return f64x2.add(f64x2.sub(f64x2.splat(1), f64x2.mul(z, f64x2.splat(0.5))), f64x2.mul(f64x2.mul(z, z), c))
}`
