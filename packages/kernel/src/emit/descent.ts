import type { Descent } from '@driftfarm/spec'
import type { Model } from '../model/model.ts'
import type { StartPlan } from '../model/start.ts'
import { descentPlaces, type ShapePlaces } from '../run/memory.ts'
import type { Numbers } from './numbers.ts'
import { Scope } from './scope.ts'
import { localSpace } from './space.ts'
import { Writer } from './writer.ts'

/** Whether a trial descends free of noise at all. */
export function descendsIn({ cell: { trial } }: Model, { descents }: StartPlan): boolean {
  return descents.length > 0 || trial.quench !== null || trial.escape?.kind === 'basin'
}

/** Place of the table of descents, (eta, squared tolerance, steps) each: those of the start, home, basin, quench. */
export function descentTable({ cell: { trial } }: Model, { descents }: StartPlan, numbers: Numbers): number {
  const basin = trial.escape?.kind === 'basin' ? trial.escape.descent : null
  const row = (descent: Descent | null) =>
    descent === null ? [0, 0, 0] : [descent.eta, descent.gradient * descent.gradient, descent.steps]
  return numbers.array('descents', [...descents, basin, basin, trial.quench].flatMap(row))
}

/**
 * `descend(base, limit)`: the active lanes of a vector take steps theta' = theta - eta grad L(theta) at PROBE until one
 * of them arrives or `limit` steps are taken, whose number is returned. A lane arrives where |grad L|^2 <= tolerance^2,
 * where a coordinate is not finite, or when it has no steps left; all three are tested before each step.
 */
export function descendFunction(model: Model, places: ShapePlaces, numbers: Numbers, descends: boolean): string[] {
  if (!descends) return ['export function descend(base: usize, limit: i64): i64 {', '  return 0', '}', '']
  const { begin, look, move, end } = model.unrolled ? inLocals(model, places, numbers) : inMemory(model, places)
  const place = (name: keyof typeof descentPlaces) => places.descent + descentPlaces[name]
  const kept = ['active', 'eta', 'tolerance', 'left'] as const
  return [
    'export function descend(base: usize, limit: i64): i64 {',
    ...indented([
      ...kept.map((name) => `const ${name} = v128.load(base, ${place(name)})`),
      ...begin,
      'if (i64x2.extract_lane(active, 0)) limit = min(limit, i64x2.extract_lane(left, 0))',
      'if (i64x2.extract_lane(active, 1)) limit = min(limit, i64x2.extract_lane(left, 1))',
      'let taken: i64 = 0',
      'while (true) {',
      ...indented([
        ...look,
        'const arrived = v128.and(active, v128.or(f64x2.le(square, tolerance), v128.not(finite)))',
        'if (taken >= limit || v128.any_true(arrived)) {',
        ...indented([
          ...end,
          'const rest = i64x2.sub(left, i64x2.splat(taken))',
          `v128.store(base, rest, ${place('left')})`,
          `v128.store(base, v128.and(active, v128.and(f64x2.le(square, tolerance), finite)), ${place('reached')})`,
          `v128.store(base, v128.or(arrived, v128.and(active, i64x2.eq(rest, i64x2.splat(0)))), ${place('arrived')})`,
          'return taken',
        ]),
        '}',
        ...move,
        'taken++',
      ]),
      '}',
    ]),
    '}',
    '',
  ]
}

/** Lines of `descend`: before its loop; `square` and `finite` of the present theta; a step; after the loop. */
interface Parts {
  readonly begin: readonly string[]
  readonly look: readonly string[]
  readonly move: readonly string[]
  readonly end: readonly string[]
}

function inLocals(model: Model, places: ShapePlaces, numbers: Numbers): Parts {
  const scope = new Scope(numbers, model.parameters)
  const coordinates = Array.from({ length: model.dimension }, (_, i) => `x${i}`)
  const space = localSpace(model, coordinates)
  const writer = new Writer(scope, {
    name(name) {
      const index = model.variables.get(name)
      return index === undefined ? null : space.meaning.coordinate(index)
    },
    element: (index) => space.meaning.element(index),
  })
  const gradient = space.gradient(writer)
  writer.line(`const square = ${space.gradientSquared(writer)}`)
  writer.line(`const finite = ${space.all(writer, ({ value }) => writer.local(isFinite(value)))}`)
  const place = (i: number) => places.probe + 16 * i
  return {
    begin: [...scope.prologue.lines, ...coordinates.map((x, i) => `let ${x} = v128.load(base, ${place(i)})`)],
    look: writer.body.lines,
    move: coordinates.map((x, i) => `${x} = ${moved(x, gradient[i]!)}`),
    end: coordinates.map((x, i) => `v128.store(base, ${x}, ${place(i)})`),
  }
}

function inMemory({ dimension }: Model, { probe, probeGradient }: ShapePlaces): Parts {
  const x = `v128.load(at, ${probe})`
  const g = `v128.load(at, ${probeGradient})`
  const each = `for (let at = base; at < base + ${16 * dimension}; at += 16)`
  return {
    begin: [],
    look: [
      `gradientOf(base + ${probe}, base + ${probeGradient})`,
      'let square = f64x2.splat(-0.0)',
      'let finite = i64x2.splat(-1)',
      `${each} {`,
      `  square = f64x2.add(square, f64x2.mul(${g}, ${g}))`,
      `  finite = v128.and(finite, ${isFinite(x)})`,
      '}',
    ],
    move: [`${each} v128.store(at, ${moved(x, g)}, ${probe})`],
    end: [],
  }
}

function isFinite(x: string): string {
  return `f64x2.lt(f64x2.abs(${x}), f64x2.splat(Infinity))`
}

/** x - 0 is x for every x: idle lanes stay where they are. */
function moved(x: string, g: string): string {
  return `f64x2.sub(${x}, v128.and(f64x2.mul(eta, ${g}), active))`
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`)
}
