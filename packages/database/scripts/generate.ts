import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'prisma', 'migrations')

/** The generated files of this package: path from the repository's root, and text. */
export function generatedFiles(): { path: string; text: string }[] {
  return [{ path: 'packages/database/src/schema/migrations.generated.ts', text: migrationsModule() }]
}

// The SQL as a module, so that a bundle contains its migrations and needs no other file.
function migrationsModule(): string {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
  const entries = names.map((name) => {
    const sql = readFileSync(join(folder, name, 'migration.sql'), 'utf8')
    return `  {\n    name: ${JSON.stringify(name)},\n    sql: \`${sql.replace(/[\\`]|\$\{/g, '\\$&')}\`,\n  },\n`
  })
  return (
    `// Generated from prisma/migrations by \`pnpm generate\`; do not edit.\nexport const migrations: ` +
    `readonly { readonly name: string; readonly sql: string }[] = [\n${entries.join('')}]\n`
  )
}
