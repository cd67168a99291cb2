import { descentPlaces } from '../memory/map.ts'
import type { ShapePlaces } from '../memory/shape.ts'
import type { Model } from '../model/model.ts'
import type { StartPlan } from '../model/start.ts'
import { type Code, code, local, ofLandscape, vector } from './code/code.ts'
import { type FunctionCode, functionCode } from './code/function.ts'
import { assignment, choice, constant, effect, nest, pinned, type Statement, variable } from './code/statement.ts'
import { Walk } from './coordinates.ts'
import type { Numbers } from './numbers.ts'
import { Scope } from './scope.ts'
import { localSpace, writerOver } from './space.ts'

export function descendsIn({ cell: { trial } }: Model, { descents }: StartPlan): boolean {
  return descents.length > 0 || trial.quench !== null || trial.escape?.kind === 'basin'
}

const base = local('base', 'usize')
const limit = local('limit', 'i64')
const active = local('active')
const eta = local('eta')
const tolerance = local('tolerance')
const left = local('left')
const square = local('square')
const finite = local('finite')
const arrived = local('arrived')
const rest = local('rest')
const taken = local('taken', 'i64')

/**
 * Emits `descend(base, limit)`. The active lanes of a vector take steps theta' = theta - eta grad L(theta) until one of
 * them ends its descent, or until `limit` steps have been taken. Here theta is the vector stored at PROBE. The
 * function returns the number of steps. A lane ends its descent when |grad L|^2 <= tolerance^2, when a coordinate is
 * not finite, or when it has no steps left. All three conditions are tested before each step.
 */
export function descendFunction(model: Model, places: ShapePlaces, numbers: Numbers, descends: boolean): FunctionCode {
  if (!descends) return functionCode('export function descend', [base, limit], 'i64', [pinned(code`return 0`)])
  const { begin, look, move, end } = model.unrolled ? inLocals(model, places, numbers) : inMemory(model, places)
  const place = (name: keyof typeof descentPlaces) => places.descent + descentPlaces[name]
  const kept = { active, eta, tolerance, left }
  const shortened = (lane: 0 | 1) =>
    pinned(
      code`if (i64x2.extract_lane(${active}, ${lane})) ${limit} = min(${limit}, i64x2.extract_lane(${left}, ${lane}))`,
    )
  const store = (value: Code, name: keyof typeof descentPlaces) =>
    effect(code`v128.store(${base}, ${value}, ${place(name)})`)
  const reached = code`v128.and(${active}, v128.and(f64x2.le(${square}, ${tolerance}), ${finite}))`
  const ended = code`v128.or(${arrived}, v128.and(${active}, i64x2.eq(${rest}, i64x2.splat(0))))`
  return functionCode('export function descend', [base, limit], 'i64', [
    ...Object.values(kept).map((one) =>
      constant(one, vector`v128.load(${base}, ${place(one.name as keyof typeof kept)})`),
    ),
    ...begin,
    shortened(0),
    shortened(1),
    variable(taken, code`<i64>0`),
    nest('while (true)', [
      ...look,
      constant(arrived, vector`v128.and(${active}, v128.or(f64x2.le(${square}, ${tolerance}), v128.not(${finite})))`),
      choice(
        code`${taken} >= ${limit} || v128.any_true(${arrived})`,
        [
          ...end,
          constant(rest, vector`i64x2.sub(${left}, i64x2.splat(${taken}))`),
          store(rest, 'left'),
          store(reached, 'reached'),
          store(ended, 'arrived'),
          pinned(code`return ${taken}`),
        ],
        null,
      ),
      ...move,
      pinned(code`${taken}++`),
    ]),
  ])
}

/**
 * The code of a descent. `begin` runs before the loop, and `end` after the loop. In each iteration, `look` computes
 * `square` and `finite` at the current theta, and `move` takes a step.
 */
interface Parts {
  readonly begin: readonly Statement[]
  readonly look: readonly Statement[]
  readonly move: readonly Statement[]
  readonly end: readonly Statement[]
}

function inLocals(model: Model, places: ShapePlaces, numbers: Numbers): Parts {
  const scope = new Scope(numbers, model.parameters)
  const coordinates = Array.from({ length: model.dimension }, (_, i) => local(`x${i}`))
  const space = localSpace(model, coordinates)
  const writer = writerOver(model, space, scope)
  const walk = new Walk(writer, scope, model)
  const gradient = space.gradient(writer)
  writer.push(
    constant(
      square,
      walk.sumOfSquares((i) => space.partial(writer, i)),
    ),
  )
  writer.push(
    constant(
      finite,
      walk.all((i) => writer.local(isFinite(space.at(i)))),
    ),
  )
  const place = (i: number) => places.probe + 16 * i
  return {
    begin: [
      ...scope.prologue.statements,
      ...coordinates.map((x, i) => variable(x, vector`v128.load(${base}, ${place(i)})`)),
    ],
    look: writer.body.statements,
    move: coordinates.map((x, i) => assignment(x, moved(x, gradient[i]!))),
    end: coordinates.map((x, i) => effect(code`v128.store(${base}, ${x}, ${place(i)})`)),
  }
}

function inMemory({ dimension }: Model, { probe, probeGradient }: ShapePlaces): Parts {
  const at = local('at', null)
  const x = vector`v128.load(${at}, ${probe})`
  const g = vector`v128.load(${at}, ${probeGradient})`
  const each = code`for (let ${at} = ${base}; ${at} < ${base} + ${16 * dimension}; ${at} += 16)`
  return {
    begin: [],
    look: [
      effect(code`${ofLandscape('gradientOf')}(${base} + ${probe}, ${base} + ${probeGradient})`),
      variable(square, vector`f64x2.splat(-0.0)`),
      variable(finite, vector`i64x2.splat(-1)`),
      nest(
        each,
        [
          assignment(square, vector`f64x2.add(${square}, f64x2.mul(${g}, ${g}))`),
          assignment(finite, vector`v128.and(${finite}, ${isFinite(x)})`),
        ],
        [at],
      ),
    ],
    move: [pinned(code`${each} v128.store(${at}, ${moved(x, g)}, ${probe})`)],
    end: [],
  }
}

function isFinite(x: Code): Code {
  return vector`f64x2.lt(f64x2.abs(${x}), f64x2.splat(Infinity))`
}

/** The step of an inactive lane is 0, and x - 0 equals x for every x, so inactive lanes do not move. */
function moved(x: Code, g: Code): Code {
  return vector`f64x2.sub(${x}, v128.and(f64x2.mul(${eta}, ${g}), ${active}))`
}
