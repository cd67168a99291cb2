import { zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { headerOf, npyBytes } from '../files/npy.fixture.ts'
import { safetensorsBytes } from '../files/safetensors.ts'
import { cellOf, mistakeOf, resolvedCell } from '../plan/plan.fixture.ts'

type Tensors = Readonly<Record<string, readonly [shape: readonly number[], values: readonly number[]]>>

const file = (tensors: Tensors) =>
  safetensorsBytes(
    Object.entries(tensors).map(([name, [shape, values]]) => ({ name, shape, values: Float64Array.from(values) })),
  )
const network = { network: { layers: [2, 3, 1], data: { preset: 'xor' } } }
const parts = {
  weight0: [
    [3, 2],
    [1, 2, 3, 4, 5, 6],
  ],
  bias0: [[3], [7, 8, 9]],
  weight1: [
    [1, 3],
    [10, 11, 12],
  ],
  bias1: [[1], [-0]],
} as const
const { weight0, bias0, weight1, bias1 } = parts
const point = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0]
const banana = { preset: 'banana' }

const startOf = (bytes: Uint8Array, landscape: object = network, map?: object) =>
  cellOf({ landscape, start: { safetensors: 'w', ...(map && { map }) } }, { w: bytes }).start
const refused = (bytes: Uint8Array, landscape: object = network, map?: object) =>
  mistakeOf({ landscape, start: { safetensors: 'w', ...(map && { map }) } }, { w: bytes })

describe('theta from tensors', () => {
  test.each([
    ['nn.Sequential', { '0.bias': bias0, '0.weight': weight0, '2.bias': bias1, '2.weight': weight1 }],
    ['ten layers between', { '10.weight': weight1, '10.bias': bias1, '9.weight': weight0, '9.bias': bias0 }],
    ['named modules', { 'fc2.weight': weight1, 'fc2.bias': bias1, 'fc1.bias': bias0, 'fc1.weight': weight0 }],
    ['one vector', { theta: [[13], point] as const }],
    ['one row', { theta: [[1, 13], point] as const }],
  ])('%s', (_name, tensors) => {
    expect(startOf(file(tensors))).toEqual({ kind: 'point', point })
  })

  test('with a map, other tensors are left out', () => {
    const bytes = file({ a: weight1, b: bias1, c: weight0, d: bias0, step: [[], [5]] })
    const map = { 'layers.0.weight': 'c', 'layers.0.bias': 'd', 'layers.1.weight': 'a', 'layers.1.bias': 'b' }
    expect(startOf(bytes, network, map)).toEqual({ kind: 'point', point })
  })

  test('a formula takes a number for each variable, or theta', () => {
    expect(startOf(file({ y: [[], [2]], x: [[1], [1]] }), banana)).toEqual({ kind: 'point', point: [1, 2] })
    expect(startOf(file({ theta: [[2], [1, 2]] }), banana)).toEqual({ kind: 'point', point: [1, 2] })
    expect(startOf(file({ a: [[], [2]], x: [[], [1]] }), banana, { y: 'a' })).toEqual({ kind: 'point', point: [1, 2] })
  })

  test('without biases', () => {
    const bare = { network: { ...network.network, biases: false } }
    expect(startOf(file({ '0.weight': weight0, '2.weight': weight1 }), bare)).toMatchObject({
      point: [1, 2, 3, 4, 5, 6, 10, 11, 12],
    })
  })

  test('of more than 1000 coordinates are stored like a data set', () => {
    const landscape = { preset: 'quadratic', dimension: 1001 }
    const bytes = file({ theta: [[1001], Array.from({ length: 1001 }, (_, i) => i)] })
    const start = { descend: { from: { safetensors: 'w' } } }
    const { cell, tables } = resolvedCell({ landscape, start }, { w: bytes })
    expect(cell.start).toMatchObject({ from: { kind: 'stored', data: { hash: tables[0]!.hash, rows: 1 } } })
    expect(tables.map(({ columns }) => columns)).toEqual([1001])
  })

  test('has the id of the same numbers', () => {
    const bytes = file({ theta: [[2], [0.1, -0]] })
    expect(startOf(bytes, banana)).toEqual(cellOf({ landscape: banana, start: [0.1, 0] }).start)
  })
})

describe('arrays of NumPy', () => {
  const array = (shape: string, values: readonly number[], isFortran = false) =>
    npyBytes(values, headerOf(shape).replace('False', isFortran ? 'True' : 'False'))
  const startOfZip = (files: Readonly<Record<string, Uint8Array>>) => {
    const start = { npz: 'w.npz' }
    return cellOf({ landscape: network, start }, { 'w.npz': zipSync({ ...files }) }).start
  }
  const biases = { '0.bias.npy': array('(3,)', bias0[1]), '2.bias.npy': array('(1,)', bias1[1]) }

  test('in C order and in Fortran order', () => {
    const second = array('(1, 3)', weight1[1])
    const [inRows, inColumns] = [array('(3, 2)', weight0[1]), array('(3, 2)', [1, 3, 5, 2, 4, 6], true)]
    for (const first of [inRows, inColumns])
      expect(startOfZip({ ...biases, '0.weight.npy': first, '2.weight.npy': second })).toEqual({ kind: 'point', point })
    expect(startOfZip({ 'theta.npy': array('(13,)', point) })).toEqual({ kind: 'point', point })
  })

  test('anything else is refused', () => {
    const mistake = (bytes: Uint8Array) =>
      mistakeOf({ landscape: network, start: { npz: 'w.npz' } }, { 'w.npz': bytes })
    expect(mistake(Buffer.from('theta = 1, 2, 3'))).toContain('it is not a .npz file; save it with numpy.savez')
    expect(mistake(zipSync({ 'data.pkl': new Uint8Array(3) }))).toContain('data.pkl, which is not an array')
    expect(mistake(zipSync(biases))).toContain('it contains 0.bias [3], 2.bias [1], but the network has')
  })
})

describe('a file of another format is refused with the key that reads it', () => {
  const npy = npyBytes(point, headerOf('(13,)'))
  const formats = { file: npy, npz: zipSync({ 'theta.npy': npy }), safetensors: file({ theta: [[13], point] }) }
  const keys = Object.keys(formats) as (keyof typeof formats)[]

  test.each(keys.flatMap((key) => keys.map((right) => [key, right] as const)))('%s: a file for %s', (key, right) => {
    // The content decides, not the name.
    const files = { 'w.bin': formats[right] }
    const specOf = (kind: string) => ({ landscape: network, start: { [kind]: 'w.bin' } })
    expect(cellOf(specOf(right), files).start).toEqual({ kind: 'point', point })
    if (right !== key) expect(mistakeOf(specOf(key), files)).toContain(`file; write ${right}: w.bin`)
  })

  test('a checkpoint of PyTorch is none of these', () => {
    const files = { 'w.pt': zipSync({ 'w/data.pkl': new Uint8Array(3) }) }
    expect(mistakeOf({ landscape: network, start: { safetensors: 'w.pt' } }, files)).toContain(
      'it is a zip file, as torch.save writes; save it with safetensors.torch.save_file',
    )
    expect(mistakeOf({ landscape: network, start: { file: 'w.pt' } }, files)).toContain('it is not a .npy file')
  })
})

describe('half precision', () => {
  const sixteen = (dtype: string, bits: number) => {
    const header = JSON.stringify({ theta: { dtype, shape: [1], data_offsets: [0, 2] } })
    return new Uint8Array([header.length, 0, 0, 0, 0, 0, 0, 0, ...Buffer.from(header), bits & 255, bits >> 8])
  }
  const one = { preset: 'double-well' }
  test.each([
    ['F16', 0x3c00, 1],
    ['F16', 0xc000, -2],
    ['F16', 0x0001, 2 ** -24],
    ['F16', 0x83ff, -1023 * 2 ** -24],
    ['F16', 0x7bff, 65504],
    ['F16', 0x8000, 0],
    ['BF16', 0x3f80, 1],
    ['BF16', 0xc0a0, -5],
    ['BF16', 0x0001, 2 ** -133],
    ['BF16', 0x7f7f, 255 * 2 ** 120],
  ])('%s %i', (dtype, bits, value) => {
    expect(startOf(sixteen(dtype, bits), one)).toEqual({ kind: 'point', point: [value] })
  })
  test.each([
    ['F16', 0x7c00, 'Infinity'],
    ['F16', 0x7e00, 'NaN'],
    ['BF16', 0xff80, '-Infinity'],
  ])('%s %i is refused', (dtype, bits, value) => {
    expect(refused(sixteen(dtype, bits), one)).toContain(`number 1 of theta is ${value}; every number must be finite`)
  })
})

describe('what is wrong with a file', () => {
  const good = file({ '0.weight': weight0, '0.bias': bias0, '2.weight': weight1, '2.bias': bias1 })
  const patched = (change: (text: string) => string) => {
    const length = Number(new DataView(good.buffer).getBigUint64(0, true))
    const text = change(Buffer.from(good.subarray(8, 8 + length)).toString())
    const bytes = new Uint8Array([0, 0, 0, 0, 0, 0, 0, 0, ...Buffer.from(text), ...good.subarray(8 + length)])
    new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
    return bytes
  }

  test.each([
    ['nothing', new Uint8Array(), 'it is not a safetensors file; save it with safetensors.torch.save_file'],
    ['text', Buffer.from('theta = 1, 2, 3'), 'it is not a safetensors file'],
    ['a pickle', Buffer.from('PK\u0003\u0004data.pkl'), 'it is a zip file, as torch.save writes; save it with'],
    ['half a header', good.subarray(0, 40), 'it ends within its header; the file may be incomplete'],
    ['a part', good.subarray(0, good.length - 8), 'it ends before the end of the tensor 2.bias'],
    ['no JSON', patched((text) => text.replace(':', '=')), 'its header is not a JSON object'],
    ['no offsets', patched((text) => text.replace('data_offsets', 'offsets')), 'does not describe the tensor 0.weight'],
    ['integers', patched((text) => text.replaceAll('F64', 'I64')), '0.weight has numbers of type I64; convert them to'],
    [
      'a wrong length',
      patched((text) => text.replace('F64', 'F32')),
      '0.weight has 48 bytes, but its shape [3, 2] needs',
    ],
  ])('%s', (_what, bytes, words) => {
    expect(refused(bytes)).toContain(words)
  })

  test('shapes and names', () => {
    const less = { '0.weight': weight0, '0.bias': bias0, '2.weight': weight1 }
    expect(refused(file(less))).toContain(
      'it contains 0.weight [3, 2], 0.bias [3], 2.weight [1, 3], but the network has layers.0.weight [3, 2], ' +
        'layers.0.bias [3], layers.1.weight [1, 3], layers.1.bias [1]; name the tensors that belong to it: ' +
        'map: {layers.0.weight: NAME, ..}',
    )
    expect(refused(file({ ...less, '2.bias': bias1, '0.weight': [[2, 3], weight0[1]] }))).toContain(
      '0.weight has the shape [2, 3], but layers.0.weight needs the shape [3, 2]; store the transpose: a weight has ' +
        'one row for each output, as in PyTorch',
    )
    expect(refused(file({ ...less, '2.bias': [[2], [1, 2]] }))).toContain(
      '2.bias has the shape [2], but layers.1.bias needs the shape [1]; the file has 0.weight [3, 2]',
    )
    expect(refused(file(less), network, { 'layers.9.bias': '0.bias' })).toContain(
      '`map` has the name layers.9.bias; its names are layers.0.weight, layers.0.bias,',
    )
    expect(refused(file(less), network, { 'layers.1.bias': '9.bias' })).toContain('but not layers.0.weight')
    expect(refused(file({ x: [[], [1]] }), banana)).toContain('it contains x [], but not y; write map: {y: NAME}')
    expect(refused(file({ x: [[], [1]], y: [[2], [1, 2]] }), banana)).toContain('but y needs one number')
    expect(mistakeOf({ landscape: banana, start: { point: 'left', map: {} } })).toContain(
      '`map` can be used only with `safetensors`',
    )
  })
})
