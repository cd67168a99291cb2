import type { RecordLayout } from '@driftfarm/kernel'
import type { Method } from '@driftfarm/spec'

/** SQL: what of cell c makes its layout, as text. */
export const layoutText = `json_build_object(
  'exits', c.exits, 'minima', c.minima, 'classes', c.classes, 'marks', c.marks, 'horizon', c.horizon)::text`

type Named = Pick<RecordLayout, 'exits' | 'minima' | 'classes' | 'marks' | 'horizon'>
let latest: { readonly text: string; readonly method: Method['kind']; readonly layout: RecordLayout } | undefined

/** The layout of the last call is kept: neighbouring cells mostly have the same, and those who read it can tell. */
export function layoutFrom(text: string, method: Method['kind']): RecordLayout {
  if (latest?.text === text && latest.method === method) return latest.layout
  const { exits, minima, classes, marks, horizon } = JSON.parse(text) as Named
  const layout = { exits, minima, classes, marks, bytes: 48 + 8 * marks.length, horizon, ...valuedBy(method) }
  latest = { text, method, layout }
  return layout
}

/** The field `valued` that `layoutOf` gives to a cell of this method. */
function valuedBy(method: Method['kind']): Pick<RecordLayout, 'valued'> {
  if (method === 'direct') return {}
  return { valued: method === 'splitting' ? 'replicas' : 'weights' }
}
