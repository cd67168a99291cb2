import { count, type Plain } from '@driftfarm/statistics'
import * as z from 'zod'

export const idShape = z.string().regex(/^[0-9a-f]{32}$/)

export const paramsShape = z.record(z.string(), z.unknown()).describe('Values of the swept paths.')

export const originShape = z.strictObject({ index: count, id: idShape, params: paramsShape })
export type Origin = Plain<z.infer<typeof originShape>>

/** paramsText({ 'update.eta': 0.1 }) is ' (update.eta=0.1)'; '' if nothing is swept. */
export function paramsText(params: Origin['params']): string {
  const entries = Object.entries(params).map(([path, value]) => `${path}=${JSON.stringify(value)}`)
  return entries.length === 0 ? '' : ` (${entries.join(', ')})`
}
