import type { SpecFinding } from '@driftfarm/spec'
import type { Plain } from '@driftfarm/statistics'
import * as z from 'zod'
import { withoutEnvelope } from './define.ts'

const code = z.string().regex(/^[A-Z0-9_]+$/)
const place = z.number().int().min(1).nullable()

const specErrorShape = z.strictObject({
  code,
  message: z.string(),
  path: z.string().describe('Dotted path into the spec; empty if the error concerns the whole spec.'),
  line: place.describe('Line number, counted from 1; null for an error in an option.'),
  column: place,
  hint: z.string(),
  value: z.string().nullable().describe('The wrong value as text.'),
  fix: z.exactOptional(
    z
      .strictObject({ from: z.number().int().min(0), to: z.number().int().min(0), text: z.string() })
      .describe(
        'A correction of the text of the spec, if there is one: `text` replaces the UTF-16 units from `from` up to ' +
          'but not including `to`, counted from 0.',
      ),
  ),
})

/** The line that a failing command with --json prints on standard error. */
export const error = withoutEnvelope(
  'Error',
  z.strictObject({
    error: z.strictObject({
      code,
      message: z.string(),
      hint: z.string().nullable(),
      path: z.string().nullable().describe('Path in the spec; null if the error has no path.'),
      retryable: z.boolean().describe('Whether the same command may succeed if it is repeated.'),
      errors: z.exactOptional(
        z
          .array(specErrorShape)
          .min(1)
          .max(20)
          .describe('The errors of a spec, sorted by line; at most 20. The other fields repeat the first error.'),
      ),
    }),
  }),
)

/** An error as reported in JSON, by the command and over HTTP. */
export interface ReportedError extends Omit<Plain<z.infer<(typeof error)['shape']>>['error'], 'errors'> {
  readonly errors?: readonly SpecFinding[]
}
