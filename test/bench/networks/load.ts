import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { nativeHasher } from '@driftfarm/database'
import { networkSlopes } from '@driftfarm/kernel'
import { parseSweep } from '@driftfarm/spec'

// A process of `benchLoading`: reads the spec that the command line names, with its data, as the command does. Prints
// seconds of elapsed and of processor time, and the peak memory of the process in MB. The peak that Node tells would
// include the memory of the process that started it.

const [file] = process.argv.slice(2)
const begin = performance.now()
const before = process.cpuUsage()
const { tables } = parseSweep(readFileSync(file!, 'utf8'), {
  fileName: 'load.json',
  slopesOf: networkSlopes,
  newHasher: nativeHasher,
  readBytes: (name) => readFileSync(resolve(dirname(file!), name)),
}).cell(0)
const { user, system } = process.cpuUsage(before)
console.log(
  JSON.stringify({
    rows: tables[0]!.rows,
    seconds: (performance.now() - begin) / 1e3,
    cpuSeconds: (user + system) / 1e6,
    peakMB: Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))![1]) / 1024,
  }),
)
