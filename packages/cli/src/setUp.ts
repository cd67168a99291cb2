import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleFolder, DatabaseError, inTemporaryHome, makeTemplate, setUpFolder } from '@driftfarm/database'
import { ensureModule, readSpec } from '@driftfarm/farm'
import { type PreparedCell, prepare } from '@driftfarm/kernel'
import { observedKeys } from '@driftfarm/spec'
import { exampleNames, examplesFolder } from './exampleFolder.ts'

const mostShapes = 2

/**
 * Makes what a first run would otherwise wait for: the template of the database, the kernels of most examples, and the
 * compiled code of the command.
 */
export async function setUp(): Promise<void> {
  await prepareKernels()
  try {
    await makeTemplate()
    await inTemporaryHome(tmpdir(), runExample)
  } catch (error) {
    // There is no embedded database on this platform, or for this user.
    if (!(error instanceof DatabaseError && ['PLATFORM', 'ACCOUNT'].includes(error.code))) throw error
  }
}

/** The first run of a new build keeps its compiled code. It has none of the user's settings, which name other farms. */
function runExample(home: string): void {
  const words = ['run', join(examplesFolder(), 'double-well.yaml'), '--trials', '1000']
  const others = Object.entries(process.env).filter(([name]) => !/^(DATABASE|REDIS|DRIFTFARM)_/.test(name))
  spawnSync(process.execPath, [fileURLToPath(new URL('../bin/driftfarm.js', bundleFolder!)), ...words], {
    env: { ...Object.fromEntries(others), DRIFTFARM_HOME: home },
    stdio: 'ignore',
  })
}

async function prepareKernels(): Promise<void> {
  const folder = examplesFolder()
  for (const name of exampleNames()) {
    const fileName = `${name}.yaml`
    const { sweep } = readSpec(readFileSync(join(folder, fileName), 'utf8'), { fileName, folder })
    const shapes = new Map<string, PreparedCell>()
    for (let index = 0; index < sweep.cellCount; index++) {
      const { cell, tables } = sweep.cell(index)
      const prepared = prepare(cell, tables, observedKeys(sweep.demand.observe))
      for (const each of [prepared, prepared.training?.prepared]) if (each) shapes.set(each.shape, each)
    }
    // Compiling takes a quarter of a second for each shape. Some examples have a shape for each cell.
    if (shapes.size > mostShapes) continue
    for (const shape of shapes.values()) await ensureModule(setUpFolder('kernels'), shape)
  }
}
