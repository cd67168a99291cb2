import type { ShapePlaces } from '../memory/shape.ts'
import type { Model } from '../model/model.ts'
import { code } from './code/code.ts'
import type { FunctionCode } from './code/function.ts'
import { dispatcher, lookFunction } from './inspect.ts'
import type { Numbers } from './numbers.ts'

/** Emits `observed(index, base)`, which computes an observed value at the present theta of both lanes and stores it. */
export function observedFunctions(model: Model, places: ShapePlaces, numbers: Numbers): readonly FunctionCode[] {
  const functions = model.observed.map((value, index) =>
    lookFunction(`observed${index}`, { model, places, numbers }, (eventsAt) => {
      const events = eventsAt({ theta: places.theta, letter: 'x' })
      events.writer.run(code`v128.store(OBSERVED_VALUE, ${events.writer.value(value)})`)
      return [events]
    }),
  )
  return [...functions, dispatcher('observed', functions.length)]
}
