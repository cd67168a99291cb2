import { isNpy, type NumberArray, type Refusal, readNpy } from './npy.ts'
import type { Tensor } from './safetensors.ts'
import { isZip, unzip } from './unpack.ts'

/** The arrays of a .npz file by name. Throws a refusal if it is no such file. */
export function readNpz(bytes: Uint8Array, refusal: Refusal): readonly Tensor[] {
  const save = 'save it with numpy.savez(FILE, theta=theta), or with one array for each weight and bias'
  if (!isZip(bytes)) throw refusal('it is not a .npz file', save)
  return [...unzip(bytes, refusal)].map(([file, content]) => {
    if (!isNpy(content)) throw refusal(`it contains ${file}, which is not an array`, save)
    const array = readNpy(content, refusal)
    return { name: file.replace(/\.npy$/, ''), shape: array.shape, values: () => inRows(array) }
  })
}

/** The values with the last index changing fastest. */
function inRows({ shape, values, isFortran }: NumberArray): Float64Array {
  if (!isFortran || shape.length !== 2) return Float64Array.from(values)
  const [rows, columns] = shape as readonly [number, number]
  return Float64Array.from(values, (_, i) => values[(i % columns) * rows + Math.floor(i / columns)]!)
}
