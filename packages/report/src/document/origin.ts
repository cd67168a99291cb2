import { count, type Plain } from '@driftfarm/statistics'
import * as z from 'zod'

export const idShape = z.string().regex(/^[0-9a-f]{32}$/)

export const paramsShape = z.record(z.string(), z.unknown()).describe('Values of the swept paths.')
export type Params = Plain<z.infer<typeof paramsShape>>

export const originShape = z.strictObject({ index: count, id: idShape, params: paramsShape })
export type Origin = Plain<z.infer<typeof originShape>>
