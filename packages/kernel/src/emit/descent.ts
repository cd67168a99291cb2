import type { Descent } from '@driftfarm/spec'
import { descentPlaces, type ShapePlaces } from '../memory.ts'
import type { Model } from '../model.ts'
import type { StartPlan } from '../start.ts'
import type { Numbers } from './numbers.ts'
import { Scope } from './scope.ts'
import { localSpace, memorySpace, type Space } from './space.ts'
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
  const scope = new Scope(numbers, model.parameters)
  const coordinates = Array.from({ length: model.dimension }, (_, i) => `x${i}`)
  const at = {
    theta: { address: 'base', offset: places.probe },
    gradient: { address: 'base', offset: places.probeGradient },
  }
  const space = model.unrolled ? localSpace(model, coordinates) : memorySpace(model, at, scope)
  const writer = new Writer(scope, {
    name(name) {
      const index = model.variables.get(name)
      return index === undefined ? null : space.meaning.coordinate(index)
    },
    element: (index) => space.meaning.element(index),
  })
  const locals = model.unrolled ? space.gradient(writer) : gradientByCall(writer, places)
  const place = (name: keyof typeof descentPlaces) => places.descent + descentPlaces[name]
  leave(space, writer, [
    ...(model.unrolled ? coordinates.map((x, i) => `v128.store(base, ${x}, ${places.probe + 16 * i})`) : []),
    'const rest = i64x2.sub(left, i64x2.splat(taken))',
    'const spent = v128.and(active, i64x2.eq(rest, i64x2.splat(0)))',
    `v128.store(base, rest, ${place('left')})`,
    `v128.store(base, v128.or(arrived, spent), ${place('arrived')})`,
    'return taken',
  ])
  moves(model, places, writer, { coordinates, gradient: locals })
  return [
    'export function descend(base: usize, limit: i64): i64 {',
    ...[
      ...scope.prologue.lines,
      ...(['active', 'eta', 'tolerance', 'left'] as const).map(
        (name) => `const ${name} = v128.load(base, ${place(name)})`,
      ),
      'if (i64x2.extract_lane(active, 0)) limit = min(limit, i64x2.extract_lane(left, 0))',
      'if (i64x2.extract_lane(active, 1)) limit = min(limit, i64x2.extract_lane(left, 1))',
      ...(model.unrolled ? coordinates.map((x, i) => `let ${x} = v128.load(base, ${places.probe + 16 * i})`) : []),
      'let taken: i64 = 0',
      'while (true) {',
      ...writer.body.lines.map((line) => `  ${line}`),
      '  taken++',
      '}',
    ].map((line) => `  ${line}`),
    '}',
    '',
  ]
}

function gradientByCall(writer: Writer, places: ShapePlaces): readonly string[] {
  writer.line(`gradientOf(base + ${places.probe}, base + ${places.probeGradient})`)
  return []
}

/** Leaves the function by way of `last` where an active lane is at its end, or the limit reached. */
function leave(space: Space, writer: Writer, last: readonly string[]): void {
  const flat = writer.local(`f64x2.le(${space.gradientSquared(writer)}, tolerance)`)
  const finite = space.all(writer, ({ value }) => writer.local(`f64x2.lt(f64x2.abs(${value}), f64x2.splat(Infinity))`))
  writer.line(`const arrived = v128.and(active, v128.or(${flat}, v128.not(${finite})))`)
  for (const line of ['if (taken >= limit || v128.any_true(arrived)) {', ...last.map((text) => `  ${text}`), '}']) {
    writer.line(line)
  }
}

function moves(
  model: Model,
  places: ShapePlaces,
  writer: Writer,
  at: { coordinates: readonly string[]; gradient: readonly string[] },
): void {
  // x - 0 is x for every x: idle lanes stay where they are.
  const move = (g: string) => writer.local(`v128.and(f64x2.mul(eta, ${g}), active)`)
  if (model.unrolled) {
    for (const [i, x] of at.coordinates.entries()) writer.line(`${x} = f64x2.sub(${x}, ${move(at.gradient[i]!)})`)
    return
  }
  writer.loop('j$', '0', String(model.dimension - 1), () => {
    const coordinate = writer.local('base + (<usize>j$ << 4)')
    const step = move(`v128.load(${coordinate}, ${places.probeGradient})`)
    writer.line(
      `v128.store(${coordinate}, f64x2.sub(v128.load(${coordinate}, ${places.probe}), ${step}), ${places.probe})`,
    )
  })
}
