import { readFileSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'

const require = createRequire(import.meta.url)
const schemaPath = fileURLToPath(new URL('../../prisma/schema.prisma', import.meta.url))

/**
 * The difference between a database and prisma/schema.prisma as SQL; '' if there is none. Uses Prisma's own schema
 * engine (the WebAssembly one, which needs no download) over the driver adapter.
 */
export async function schemaDiff(url: string): Promise<string> {
  engine ??= loadEngine()
  const { SchemaEngine } = await engine
  const schema = { path: schemaPath, content: readFileSync(schemaPath, 'utf8') }
  const pool = new CatalogPool({ connectionString: url })
  const adapter = bind(catalogAdapter(pool))
  const differ = await SchemaEngine.new({ datamodels: [[schema.path, schema.content]] }, () => {}, adapter)
  try {
    const { stdout } = await differ.diff({
      from: { tag: 'schemaDatasource', files: [schema], configDir: '.' },
      to: { tag: 'schemaDatamodel', files: [schema] },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
      shadowDatabaseUrl: null,
    })
    return (stdout ?? '').replace(/^--.*$/gm, '').trim()
  } finally {
    differ.free()
    await pool.end()
  }
}

interface Engine {
  diff(params: Record<string, unknown>): Promise<{ stdout: string | null }>
  free(): void
}

interface EngineModule {
  SchemaEngine: {
    'new'(options: { datamodels: [string, string][] }, log: () => void, adapter: unknown): Promise<Engine>
  }
  __wbg_set_wasm(exports: unknown): void
}

let engine: Promise<EngineModule> | undefined

// The entry of the package imports the .wasm file as a module, which Node 20 does not support.
async function loadEngine(): Promise<EngineModule> {
  const folder = new URL('.', `file://${require.resolve('@prisma/schema-engine-wasm')}`)
  const glue = (await import(new URL('schema_engine_bg.js', folder).href)) as EngineModule
  const module = await WebAssembly.compile(readFileSync(new URL('schema_engine_bg.wasm', folder)))
  const instance = await WebAssembly.instantiate(module, { './schema_engine_bg.js': glue as never })
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: (text: string) => console.error(text) } })
  glue.__wbg_set_wasm(instance.exports)
  ;(instance.exports as { __wbindgen_start(): void }).__wbindgen_start()
  return glue
}

/** Oids of PostgreSQL's own one-byte "char", and of text. */
const catalogChar = 18
const text = 25
/** ColumnType of the driver adapters. */
const character = 6

/**
 * The adapter refuses "char", which the engine reads when it lists constraints. The pool therefore declares such
 * columns as text and records them, and the adapter's results get the right type again.
 */
class CatalogPool extends pg.Pool {
  readonly charColumns = new Set<string>()

  override query(...args: unknown[]): never {
    const query = super.query.bind(this) as (...args: unknown[]) => Promise<pg.QueryResult>
    const result = query(...args).then((result) => {
      for (const field of result.fields) {
        if (field.dataTypeID !== catalogChar) continue
        field.dataTypeID = text
        this.charColumns.add(field.name)
      }
      return result
    })
    return result as never
  }
}

function catalogAdapter(pool: CatalogPool): PrismaPg {
  const factory = new PrismaPg(pool)
  const connect = factory.connect.bind(factory)
  return Object.assign(factory, {
    async connect() {
      const connection = await connect()
      const queryRaw = connection.queryRaw.bind(connection)
      connection.queryRaw = async (query) => {
        const result = await queryRaw(query)
        const types = result.columnTypes.map((type, i) =>
          pool.charColumns.has(result.columnNames[i] ?? '') ? character : type,
        )
        return { ...result, columnTypes: types }
      }
      return connection
    },
  })
}

// Part of the adapter: converts its exceptions into the results that the engine expects.
function bind(factory: PrismaPg): unknown {
  const fromAdapter = createRequire(realpathSync(require.resolve('@prisma/adapter-pg')))
  const { bindMigrationAwareSqlAdapterFactory } = fromAdapter('@prisma/driver-adapter-utils') as {
    bindMigrationAwareSqlAdapterFactory(factory: PrismaPg): unknown
  }
  return bindMigrationAwareSqlAdapterFactory(factory)
}
