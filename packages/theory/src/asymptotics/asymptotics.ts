import { type Cell, once, type Tables } from '@driftfarm/spec'
import { type NotApplicable, unlessRefused } from '../refusal.ts'
import type { Asymptotic, AsymptoticName } from '../shapes/oracle.ts'
import { type Applied, type QuantityName, units } from './asymptotic.ts'
import { freidlinWentzell } from './freidlinWentzell.ts'
import { heavyTail } from './heavyTail.ts'
import { kesten } from './kesten.ts'
import { discreteKramers, eyringKramers } from './kramers.ts'
import { saddleCase } from './passages.ts'

/**
 * Returns the result of each asymptotic formula for a cell, or the reason why the formula does not apply. `tables` are
 * the tables that the cell needs. Rates, times and probabilities of exit are given only
 * if the cell's escape event is the first exit from the well. They then describe the same event as the measured curve,
 * so a plot may show both. Throws a KernelError for a cell that the kernel cannot compute.
 */
export function asymptotics(cell: Cell, tables: Tables): readonly Asymptotic[] {
  const saddles = once(() => saddleCase(cell, tables))
  const { steps } = cell.trial
  const formulas: Readonly<Record<AsymptoticName, () => Applied>> = {
    'eyring-kramers': () => eyringKramers(saddles(), steps),
    'discrete-kramers': () => discreteKramers(saddles(), steps),
    'freidlin-wentzell': () => freidlinWentzell(saddles()),
    'heavy-tail': () => heavyTail(cell, tables),
    kesten: () => kesten(cell, tables),
  }
  return (Object.keys(formulas) as AsymptoticName[]).map((name) => {
    const one = unlessRefused(formulas[name])
    if ('reason' in one) return { name, applies: false, reason: one.reason }
    const { values, ...rest } = one
    const quantities = Object.fromEntries(
      (Object.entries(values) as [QuantityName, number | null][]).flatMap(([quantity, value]) =>
        value === null ? [] : [[quantity, { value, unit: units[quantity] }]],
      ),
    )
    return { name, applies: true, quantities, ...rest }
  })
}

/**
 * The height in the exponent exp(-height/T) of the escape rate. It is measured from the minimum of the well in which
 * trials start, in units of the loss.
 */
export type BarrierHeight = Readonly<ReturnType<typeof heightOf>>

/**
 * Returns the barrier of a cell according to the Eyring-Kramers formula. If this formula does not apply, returns the
 * barrier according to the Freidlin-Wentzell formula, whose conditions on the escape event are weaker. If neither
 * formula applies, returns the reason why the Eyring-Kramers formula does not apply. `tables` are the tables that
 * the cell needs.
 */
export function barrierHeight(cell: Cell, tables: Tables): BarrierHeight | NotApplicable {
  const saddles = once(() => saddleCase(cell, tables))
  const first = unlessRefused(() => heightOf(eyringKramers(saddles(), cell.trial.steps), 'eyring-kramers'))
  if (!('reason' in first)) return first
  const second = unlessRefused(() => heightOf(freidlinWentzell(saddles()), 'freidlin-wentzell'))
  return 'reason' in second ? first : second
}

/** `law` is the asymptotic formula from which the height comes. */
function heightOf({ values: { barrier, temperature } }: Applied, law: AsymptoticName) {
  return { height: barrier!, temperature: temperature!, law }
}
