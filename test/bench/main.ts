import { benchParquet, benchSql, benchTallies } from './answers/index.ts'
import { benchCoverage } from './calibration/index.ts'
import { benchCells } from './cells/index.ts'
import { benchFarm } from './farm/index.ts'
import { benchHome } from './home/index.ts'
import { kernelParts } from './kernel/index.ts'
import { networkParts } from './networks/index.ts'
import { benchPage } from './page/index.ts'
import { benchTab } from './page/tab.ts'
import { benchPairs } from './pairs/index.ts'
import { benchPremises } from './premises/index.ts'
import { benchBeside } from './processes/beside.ts'
import { benchCrowd } from './processes/crowd.ts'
import { benchGain } from './processes/gain.ts'
import { benchStart } from './start/index.ts'
import { benchSweeps } from './sweeps/index.ts'
import { benchWatchers } from './watchers/index.ts'
import { benchWorkers } from './workers/index.ts'

// `npm run bench [NAME ...]`: measures parts of the farm on this machine; `kernel` is all parts of the kernel, and
// without a name all is measured. What begins with `--`, and all after it, are options of the parts:
// `npm run bench home -- --finished 100000`.
type Part = (options: readonly string[]) => Promise<void>
const parts: Readonly<Record<string, Part>> = {
  ...kernelParts,
  ...networkParts,
  cells: benchCells,
  coverage: benchCoverage,
  farm: benchFarm,
  start: benchStart,
  sweeps: benchSweeps,
  premises: benchPremises,
  home: benchHome,
  sql: benchSql,
  tallies: benchTallies,
  parquet: benchParquet,
  watchers: benchWatchers,
  workers: benchWorkers,
  gain: benchGain,
  crowd: benchCrowd,
  beside: benchBeside,
  page: benchPage,
  tab: benchTab,
  pairs: benchPairs,
}
const groups: Readonly<Record<string, readonly string[]>> = {
  kernel: Object.keys(kernelParts),
  networks: Object.keys(networkParts),
}

// Servers that run for a part leave with the process, which Ctrl-C alone would not see to.
process.once('SIGINT', () => process.exit(130))
const given = process.argv.slice(2)
const firstOption = given.findIndex((text) => text.startsWith('--'))
const names = firstOption < 0 ? given : given.slice(0, firstOption)
const options = firstOption < 0 ? [] : given.slice(firstOption)
const unknown = names.filter((name) => !Object.hasOwn(parts, name) && !Object.hasOwn(groups, name))
if (unknown.length > 0) {
  const known = [...Object.keys(groups), ...Object.keys(parts)].join(', ')
  console.error(`unknown benchmark: ${unknown.join(', ')}; the benchmarks are ${known}`)
  process.exitCode = 2
} else {
  const wanted = names.length > 0 ? names.flatMap((name) => groups[name] ?? [name]) : Object.keys(parts)
  for (const name of new Set(wanted)) await parts[name]!(options)
}
