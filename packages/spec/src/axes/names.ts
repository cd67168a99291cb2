import { isMapping, type Mapping, own } from '../document/value.ts'
import { axisForms, designForms } from '../schema/axes.ts'

/** The paths that a document sweeps, as typed, without the paths in headers of CSV files. */
export function sweptNames(document: Mapping): Set<string> {
  const sweep = own(document, 'sweep')
  const inside = isMapping(sweep) ? sweep : {}
  const names = new Set(Object.keys(inside).filter((name) => !axisForms.includes(name)))
  for (const form of ['zip', 'points']) {
    for (const value of [own(document, form), own(inside, form)]) {
      const groups = form === 'points' ? rowsOf(value).slice(0, 1) : Array.isArray(value) ? value : [value]
      for (const group of groups) if (isMapping(group)) for (const name of Object.keys(group)) names.add(name)
    }
  }
  const inner = [...designForms.map((form) => [form, 'axes'] as const), ['threshold', 'over'] as const]
  for (const [form, key] of inner) {
    for (const written of [own(document, form), own(inside, form)]) {
      const axes = isMapping(written) ? own(written, key) : undefined
      if (isMapping(axes)) for (const name of Object.keys(axes)) names.add(name)
    }
  }
  return names
}

function rowsOf(points: unknown): readonly unknown[] {
  return Array.isArray(points) ? points : []
}
