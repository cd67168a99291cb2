import { descentPlaces } from '../memory/map.ts'
import type { ShapePlaces } from '../memory/shape.ts'
import type { Model } from '../model/model.ts'
import { type Code, code, local, vector } from './code/code.ts'
import { type FunctionCode, functionCode } from './code/function.ts'
import { choice, constant, effect, nest, pinned, variable } from './code/statement.ts'
import { assigned, inMemory, loadAt, Walk } from './coordinates.ts'
import type { Numbers } from './numbers.ts'
import { Scope } from './scope.ts'
import { localSpace, memorySpace, writerOver } from './space.ts'

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
  const place = (name: keyof typeof descentPlaces) => places.descent + descentPlaces[name]
  const kept = { active, eta, tolerance, left }
  const shortened = (lane: 0 | 1) =>
    pinned(
      code`if (i64x2.extract_lane(${active}, ${lane})) ${limit} = min(${limit}, i64x2.extract_lane(${left}, ${lane}))`,
    )
  const store = (value: Code, offset: number) => effect(code`v128.store(${base}, ${value}, ${offset})`)
  const reached = code`v128.and(${active}, v128.and(f64x2.le(${square}, ${tolerance}), ${finite}))`
  const ended = code`v128.or(${arrived}, v128.and(${active}, i64x2.eq(${rest}, i64x2.splat(0))))`

  const scope = new Scope(numbers, model.parameters)
  const probe = { address: base, offset: places.probe }
  const names = model.unrolled ? Array.from({ length: model.dimension }, (_, i) => local(`x${i}`)) : []
  const space = model.unrolled
    ? localSpace(model, names)
    : memorySpace(model, { theta: probe, gradient: { address: base, offset: places.probeGradient } })
  const writer = writerOver(model, space, scope)
  const walk = new Walk(writer, scope, model)
  const theta = model.unrolled ? assigned(writer, names) : inMemory(writer, probe)
  space.gradient(writer)
  const squares = walk.sumOfSquares((i) => space.partial(writer, i))
  writer.push(constant(square, squares))
  writer.push(
    constant(
      finite,
      walk.finite((i) => space.at(i)),
    ),
    constant(arrived, vector`v128.and(${active}, v128.or(f64x2.le(${square}, ${tolerance}), v128.not(${finite})))`),
    choice(
      code`${taken} >= ${limit} || v128.any_true(${arrived})`,
      [
        ...names.map((x, i) => store(x, places.probe + 16 * i)),
        constant(rest, vector`i64x2.sub(${left}, i64x2.splat(${taken}))`),
        store(rest, place('left')),
        store(reached, place('reached')),
        store(ended, place('arrived')),
        pinned(code`return ${taken}`),
      ],
      null,
    ),
  )
  // The step of an inactive lane is 0, and x - 0 equals x for every x, so inactive lanes do not move.
  walk.each((i) => {
    const step = vector`v128.and(f64x2.mul(${eta}, ${space.partial(writer, i)}), ${active})`
    theta.set(i, vector`f64x2.sub(${theta.get(i)}, ${step})`)
  })
  return functionCode('export function descend', [base, limit], 'i64', [
    ...Object.values(kept).map((one) =>
      constant(one, vector`v128.load(${base}, ${place(one.name as keyof typeof kept)})`),
    ),
    ...scope.prologue.statements,
    ...names.map((x, i) => variable(x, loadAt(probe, i))),
    shortened(0),
    shortened(1),
    variable(taken, code`<i64>0`),
    nest('while (true)', [...writer.body.statements, pinned(code`${taken}++`)]),
  ])
}
