import { ruleFormulas } from '@driftfarm/kernel'
import { type Drift, driftFormulas, lawText, type Update } from '@driftfarm/spec'

/** One step of an update as formulas: the noise that changes the gradient g, the rule, other noise, the scale of xi. */
export function updateFormulas({ rule, drift }: Pick<Update, 'rule' | 'drift'>): readonly string[] {
  const [before, after] = [false, true].map((isAfterRule) =>
    drift.flatMap((one) => ((scaleOf(one) !== null) === isAfterRule ? [driftText(one)] : [])),
  )
  const laws = drift.flatMap((one) => ('law' in one ? [lawText(one.law, 'isotropic' in one && one.isotropic)] : []))
  const gradient = 'g: gradient of the loss L at theta'
  return [gradient, ...(before!.length > 0 ? before! : ["g' = g"]), ...ruleFormulas(rule), ...after!, ...new Set(laws)]
}

/** The scale of noise that acts after the rule; null for other noise. */
const scaleOf = (drift: Drift) => (drift.form === 'additive' && drift.scale !== 'sigma' ? drift.scale : null)

function driftText(drift: Drift): string {
  const where = drift.when === null ? '' : `, where ${drift.when}`
  const every = drift.every === 1 ? '' : `, every ${drift.every} steps`
  return `${driftFormulas[scaleOf(drift) ?? drift.form]}${where}${every}`
}
