import * as z from 'zod'
import type { Update } from '../cell.ts'
import { Mistake, misplacedKey } from '../errors.ts'
import { keys, numberOrExpression, quantity } from '../field/field.ts'
import type { Frame, Scope } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import { number, readersOf, shapeOf } from '../field/section.ts'
import type { ResolvedLandscape } from '../landscape/minima.ts'
import { collectEach, collectParts } from '../mistakes.ts'

/** How YAML and other formats write infinity. */
const infinities = ['.inf', 'inf'] as const

const clip = {
  schema: z
    .union([...numberOrExpression(ranges.positive, 'a number > 0, or .inf'), z.enum(infinities)], {
      error: 'a number > 0, "= expression", or .inf for no clipping',
    })
    .describe('The gradient is shortened to at most this norm, before drift acts. Default .inf: no clipping.'),
  read: (frame: Frame, key: string) =>
    [undefined, ...infinities].some((none) => frame.get(key) === none)
      ? Number.POSITIVE_INFINITY
      : frame.number(key, ranges.positive),
}

const rho = number(ranges.nonNegative, 'The distance rho. 0: off.')
const sam = {
  schema: keys({ rho: rho.schema }).describe(
    'Sharpness-aware minimization: the gradient is taken at theta + rho g/|g| instead of theta.',
  ),
  read: (frame: Frame, key: string) => ({ rho: frame.get(key) === undefined ? 0 : rho.read(frame.inner(key), 'rho') }),
}

const etaByLayer = {
  schema: z
    .array(quantity(ranges.nonNegative), { error: 'a list of one factor for each layer, such as [1, 0.1]' })
    .describe('For a network: a factor of eta for the weights and biases of each layer. Default 1 for each.'),
  read: (frame: Frame, key: string, { landscape }: ResolvedLandscape): readonly number[] => {
    if (frame.get(key) === undefined) return []
    if (landscape.kind !== 'network')
      throw misplacedKey(frame.at(key), 'only a network has layers: write the factors into the formula, or remove it')
    const list = frame.inner(key)
    const written = list.object as readonly unknown[]
    const layers = landscape.layers.length - 1
    if (written.length !== layers)
      throw new Mistake('WRONG_DIMENSION', frame.at(key), {
        value: written,
        expected: `${layers} factors, one for each layer of weights`,
      })
    return collectEach(written, (_, i) => list.number(i, ranges.nonNegative))
  },
}

const fields = {
  clip,
  decoupledDecay: number(
    ranges.nonNegative,
    'Weight decay apart from the gradient, as in AdamW: theta is multiplied by 1 - eta * decoupledDecay.',
    0,
  ),
  sam,
  warmup: number(ranges.stepIndex, 'The number of steps in which eta rises from eta/warmup to eta.', 0),
  etaByLayer,
}

export const changesShape = shapeOf(fields)

/**
 * Reads the keys that change a step of the rule. A value that changes nothing is left out, so that the cell is the same
 * as without the key.
 */
export function resolveChanges(scope: Scope, resolved: ResolvedLandscape): Partial<Update> {
  const changes = collectParts(readersOf(fields, scope.root.inner('update'), resolved))
  const isNothing = {
    clip: changes.clip === Number.POSITIVE_INFINITY,
    decoupledDecay: changes.decoupledDecay === 0,
    sam: changes.sam.rho === 0,
    warmup: changes.warmup <= 1,
    etaByLayer: changes.etaByLayer.every((factor) => factor === 1),
  }
  const kept = Object.entries(changes).filter(([key]) => !isNothing[key as keyof typeof isNothing])
  return Object.fromEntries(kept) as Partial<Update>
}
