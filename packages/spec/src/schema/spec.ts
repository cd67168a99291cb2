import * as z from 'zod'
import { axesShape, sweepSchema } from '../axes/forms.ts'
import { demandShape } from '../demand/demand.ts'
import { identifier, named, quantity, section, words } from '../field/field.ts'
import { ranges } from '../field/range.ts'
import { seedExpected, seedSchema } from '../field/seed.ts'
import { landscapeSchema } from '../landscape/landscape.ts'
import { methodSchema } from '../method/method.ts'
import { startSchema } from '../start/start.ts'
import { trialSchema } from '../trial/trial.ts'
import { updateSchema } from '../update/update.ts'

export const documentSchema = section(['version', 'landscape', 'start', 'update', 'trial'], {
  version: z.literal(1).describe('Version of the spec format. Always 1.'),
  name: z
    .string({ error: 'a name' })
    .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._/+=:@-]{0,127}$/u, {
      error:
        'a name made of letters and digits of any script, spaces and . _ / + = : @ -, starting with a letter or ' +
        'digit, at most 128 characters',
    })
    .describe('Name of the sweep. Default: the name of the file.'),
  seed: seedSchema.describe(`Seed of the random numbers: ${seedExpected}. Default 0.`),
  let: named(identifier, quantity(ranges.any), 'a mapping of names to numbers').describe(
    'Named numbers that "= expression" and conditions may use. To sweep one, use the path let.NAME.',
  ),
  landscape: landscapeSchema,
  start: startSchema,
  update: updateSchema,
  trial: trialSchema,
  streams: words('independent', 'common').describe(
    'Whether cells share random numbers. common: trials with the same index have the same noise in all cells. ' +
      'Default independent.',
  ),
  method: methodSchema,
  sweep: sweepSchema,
  ...axesShape,
  ...demandShape,
}).meta({ title: 'Drift Farm sweep', description: 'A sweep spec, version 1.' })

/** A spec as it is written, before defaults are filled in and expressions are evaluated. */
export type SpecInput = z.input<typeof documentSchema>
export type SpecDocument = z.output<typeof documentSchema>
