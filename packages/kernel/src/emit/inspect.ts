import type { ShapePlaces } from '../memory.ts'
import { vectorPlaces } from '../memory.ts'
import type { Model } from '../model.ts'
import { Events } from './events.ts'
import type { Numbers } from './numbers.ts'
import { Scope } from './scope.ts'
import { localSpace, memorySpace, statePlaces } from './space.ts'

/** A function over the state in memory of the vector at `base`. */
function lookFunction(
  name: string,
  model: Model,
  places: ShapePlaces,
  numbers: Numbers,
  look: (events: Events) => void,
): string[] {
  const scope = new Scope(numbers, model.parameters)
  const coordinates = Array.from({ length: model.dimension }, (_, i) => `x${i}`)
  const space = model.unrolled ? localSpace(model, coordinates) : memorySpace(model, statePlaces('base', places), scope)
  const events = new Events(scope, model, space, 'step')
  look(events)
  const load = (local: string, i: number) => `const ${local} = v128.load(base, ${places.theta + 16 * i})`
  return [
    `export function ${name}(base: usize): void {`,
    ...[
      ...scope.prologue.lines,
      'const step = v128.load(STEP)',
      ...(model.unrolled ? coordinates.map(load) : []),
      ...events.writer.body.lines,
    ].map((line) => `  ${line}`),
    '}',
    '',
  ]
}

/** `inspect(base)`: which events are due, for both lanes. */
export function inspectFunction(model: Model, places: ShapePlaces, numbers: Numbers): string[] {
  return lookFunction('inspect', model, places, numbers, (events) => {
    const { writer } = events
    writer.line(`v128.store(FINITE, ${events.finite()})`)
    events.marks().forEach((mark, index) => {
      const armed = `v128.load(base, ${vectorPlaces.markArmed + 16 * index})`
      writer.line(`v128.store(MARK_MASKS, v128.and(${mark}, ${armed}), ${16 * index})`)
    })
    const exit = firstTrue(events, events.exits(), '0')
    writer.line(`v128.store(EXIT, v128.and(${exit}, v128.load(base, ${vectorPlaces.escapeArmed})))`)
    writer.line(`v128.store(DIVERGED, v128.not(${events.bounded()}))`)
    if (model.cell.trial.converge === null) return
    const held = `f64x2.eq(v128.load(base, ${vectorPlaces.hold}), ${events.holdLimit()})`
    writer.line(`v128.store(CONVERGED, v128.and(${held}, v128.load(base, ${vectorPlaces.convergeArmed})))`)
    writer.line(`v128.store(CENTRE, ${firstTrue(events, events.centres(), '0')})`)
  })
}

/** `finish(base)`: what the record says of the last theta, for both lanes. */
export function finishFunction(model: Model, places: ShapePlaces, numbers: Numbers): string[] {
  return lookFunction('finish', model, places, numbers, (events) => {
    const { writer } = events
    writer.line(`v128.store(LOSS, ${events.loss()})`)
    writer.line(`v128.store(DISTANCE, ${events.distance()})`)
    writer.line(
      `v128.store(CLASS, ${firstTrue(events, events.classes(), model.classes.length === 0 ? '0' : '0xffff')})`,
    )
    writer.line(`v128.store(SETTLED, ${firstTrue(events, events.minima(), '0xffff')})`)
  })
}

/** Per lane the 1-based number of the first mask that is set, else `none`. */
function firstTrue({ writer }: Events, masks: readonly string[], none: string): string {
  return masks.reduceRight(
    (later, mask, index) => writer.local(`v128.bitselect(i64x2.splat(${index + 1}), ${later}, ${mask})`),
    `i64x2.splat(${none})`,
  )
}
