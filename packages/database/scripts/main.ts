/** Writes the generated files of this package: node --import tsx packages/database/scripts/main.ts */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generatedFiles } from './generate.ts'

const repository = fileURLToPath(new URL('../../..', import.meta.url))
for (const { path, text } of generatedFiles()) writeFileSync(join(repository, path), text)
