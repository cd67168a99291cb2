import { digits } from './digits.ts'
import { iris } from './iris.ts'
import { type ShapeOptions, shapes } from './shapes.ts'

/** Each sample is one row, with the inputs before the targets. */
interface DataPreset {
  readonly name: string
  readonly inputs: number
  /** Whether the data set is generated and takes `samples`, `noise` and `seed`. */
  readonly made: boolean
  /** The names of the columns, of which the last one has class labels. By default, the columns have numbers. */
  readonly names?: readonly string[]
  readonly samples: (options: ShapeOptions) => readonly (readonly number[])[]
}

const xor = [
  [0, 0, 0],
  [0, 1, 1],
  [1, 0, 1],
  [1, 1, 0],
]

const digitNames = [...Array.from({ length: 64 }, (_, j) => `p${j}`), 'digit']

export const dataPresets: readonly DataPreset[] = [
  { name: 'xor', inputs: 2, made: false, samples: () => xor },
  { name: 'circles', inputs: 2, made: true, samples: shapes.circles },
  { name: 'moons', inputs: 2, made: true, samples: shapes.moons },
  { name: 'spirals', inputs: 2, made: true, samples: shapes.spirals },
  { name: 'iris', inputs: 4, made: false, samples: iris },
  { name: 'digits', inputs: 64, made: false, names: digitNames, samples: digits },
]
