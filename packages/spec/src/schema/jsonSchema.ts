import * as z from 'zod'
import { documentSchema } from './spec.ts'

/** JSON Schema (draft 2020-12) of a spec. Any number may be given as "= expression". */
export const specSchema = (): Readonly<Record<string, unknown>> => z.toJSONSchema(documentSchema)
