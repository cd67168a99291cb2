import { setFlagsFromString } from 'node:v8'
import { processSurroundings } from './processSurroundings.ts'
import { runCommand } from './runCommand.ts'

// Between two collections the heap may grow by so many per cent. By default it is let grow up to fourfold, which takes
// a tenth to a third more memory, and no less time (`npm run bench sweeps`).
setFlagsFromString('--heap-growing-percent=60')
// A process of some seconds compiles much of the farm's code for a few thousand calls each, in every thread anew. With
// less of it inlined that takes a twentieth less of the processors, and what is compiled is no slower to be seen.
setFlagsFromString('--max-inlined-bytecode-size-cumulative=300')
// Nor is a function compiled before it has run about twice as long as by default: a run of 10^4 cells takes a twentieth
// less of the processors, and longer ones take as long as before.
setFlagsFromString('--interrupt-budget=300000')
// What compiles a module is itself WebAssembly, of thousands of functions that a process needs once: to optimize those
// that ran for a millisecond took longer than running them, and 20 MB. Kernels still come to it in milliseconds.
setFlagsFromString('--wasm-tiering-budget=20000000')

process.exitCode = await runCommand(process.argv.slice(2), processSurroundings())
