import type { ShapePlaces } from '../memory/shape.ts'
import type { Model } from '../model/model.ts'
import { code } from './code/code.ts'
import type { FunctionCode } from './code/function.ts'
import { lookFunction } from './inspect.ts'
import type { Numbers } from './numbers.ts'

/** Emits a function for each observed value. It stores the value at the present theta of both lanes. */
export function observedFunctions(model: Model, places: ShapePlaces, numbers: Numbers): readonly FunctionCode[] {
  return model.observed.map((value, index) =>
    lookFunction(`observed${index}`, { model, places, numbers }, (eventsAt) => {
      const events = eventsAt({ theta: places.theta, letter: 'x' })
      events.writer.run(code`v128.store(OBSERVED_VALUE, ${events.writer.value(value)})`)
      return [events]
    }),
  )
}

/** Emits `observed(index, base)`, which computes one of the values. */
export function observedFunction({ observed }: Model): string {
  const calls = observed.map((_, index) => `  if (index == ${index}) observed${index}(base)`)
  return ['export function observed(index: i32, base: usize): void {', ...calls, '}'].join('\n')
}
