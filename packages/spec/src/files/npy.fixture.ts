/** Bytes as numpy.save writes them, whatever the header says. */
export function npyBytes(values: readonly number[], header: string, version: 1 | 2 = 1): Uint8Array {
  const start = version === 1 ? 10 : 12
  const padded = `${header.padEnd(64 * Math.ceil((start + header.length + 1) / 64) - start - 1)}\n`
  const bytes = new Uint8Array(start + padded.length + 8 * values.length)
  const view = new DataView(bytes.buffer)
  bytes.set([0x93, ...new TextEncoder().encode('NUMPY'), version, 0])
  if (version === 1) view.setUint16(8, padded.length, true)
  else view.setUint32(8, padded.length, true)
  bytes.set(new TextEncoder().encode(padded), start)
  for (const [i, value] of values.entries()) view.setFloat64(start + padded.length + 8 * i, value, true)
  return bytes
}

export const headerOf = (shape: string, type = '<f8', order = 'False') =>
  `{'descr': '${type}', 'fortran_order': ${order}, 'shape': ${shape}, }`
