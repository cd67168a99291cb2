import type { Cell, Landscape } from '@driftfarm/spec'
import { allOf, conditionsIn } from './conditions.ts'

/**
 * The text that determines the module of a cell. If the module reads numbers as data, the text contains only their
 * count. All other values are in the text. Cells with equal texts have the same source, memory layout and number of
 * steps per slice.
 */
export function structureOf({ kernel, landscape, start, update, trial, method }: Cell): string {
  return JSON.stringify([
    kernel,
    landscapeOf(landscape),
    formOf(start),
    withoutNumbers(update),
    update.drift.map(({ every }) => every),
    formOf(trial),
    trial.warmup > 0,
    allOf(conditionsIn(trial)).map(({ timed }) => timed?.group),
    method.kind === 'tilt' ? withoutNumbers(method) : method,
  ])
}

function landscapeOf(landscape: Landscape): object {
  const parameters = landscape.parameters.map(([name]) => [name, 0] as const)
  if (landscape.kind === 'population') return { ...landscape, parameters }
  const noise = landscape.labelNoise && { labelNoise: withoutNumbers(landscape.labelNoise) }
  if (landscape.kind === 'formula') return { ...landscape, parameters, ...noise }
  return { ...landscape, parameters, decay: 0, ...noise, ...(landscape.dropout && { dropout: [] }) }
}

/** The cells of a sweep share most of their parts. */
const forms = new WeakMap<object, unknown>()

function formOf(part: object): unknown {
  if (!forms.has(part)) forms.set(part, withoutNumbers(part))
  return forms.get(part)
}

/** The value with 0 in place of each number, and with the length of each list of numbers. */
function withoutNumbers(value: unknown): unknown {
  if (typeof value === 'number') return 0
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return typeof value[0] === 'number' ? value.length : value.map(withoutNumbers)
  const without: Record<string, unknown> = {}
  for (const key in value) without[key] = withoutNumbers((value as Record<string, unknown>)[key])
  return without
}
