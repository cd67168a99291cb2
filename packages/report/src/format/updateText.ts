import { ruleFormulas } from '@driftfarm/kernel'
import { type Drift, driftFormulas, lawText, type Update } from '@driftfarm/spec'

/** One step of an update as formulas: the noise that changes the gradient g, the rule, other noise, the scale of xi. */
export function updateFormulas({ rule, drift }: Pick<Update, 'rule' | 'drift'>): readonly string[] {
  const isAfterRule = (one: Drift) => one.form === 'additive' && one.scale !== 'sigma'
  const before = drift.filter((one) => !isAfterRule(one)).map(driftText)
  const after = drift.filter(isAfterRule).map(driftText)
  const laws = drift.flatMap((one) => ('law' in one ? [lawText(one.law, 'isotropic' in one && one.isotropic)] : []))
  const gradient = 'g: gradient of the loss L at theta'
  return [gradient, ...(before.length > 0 ? before : ["g' = g"]), ...ruleFormulas(rule), ...after, ...new Set(laws)]
}

function driftText(drift: Drift): string {
  const { form, when, every } = drift
  const scale = form === 'additive' && drift.scale !== 'sigma' ? drift.scale : null
  const moved = `theta' = theta' + ${scale === 'step' ? 'step' : 'sqrt(2 eta temperature)'} xi`
  const where = when === null ? '' : `, where ${when}`
  return `${scale === null ? driftFormulas[form] : moved}${where}${every === 1 ? '' : `, every ${every} steps`}`
}
