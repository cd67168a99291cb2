/** The same outcomes, one row a trial: COPY BINARY rows of (cell_id, trial, .., marks). The rival of column arrays. */
export function encodeRows(cellId: string, first: number, records: Uint8Array, bytes: number): Uint8Array {
  const source = new DataView(records.buffer, records.byteOffset, records.byteLength)
  const count = records.length / bytes
  const out = Buffer.alloc(count * (2 + 4 + cellId.length + 12 + 2 * 6 + 2 * 8 + 5 * 12 + 16))
  let at = 0
  const small = (value: number): void => {
    at = out.writeInt16BE(value, out.writeInt32BE(2, at))
  }
  const integer = (value: number): void => {
    at = out.writeInt32BE(value, out.writeInt32BE(4, at))
  }
  const long = (from: number): void => {
    at = out.writeInt32BE(8, at)
    at = out.writeUInt32BE(source.getUint32(from + 4, true), at)
    at = out.writeUInt32BE(source.getUint32(from, true), at)
  }
  for (let i = 0; i < count; i++) {
    const from = i * bytes
    at = out.writeInt16BE(12, at)
    at = out.writeInt32BE(cellId.length, at)
    at += out.write(cellId, at, 'latin1')
    at = out.writeInt32BE(8, at)
    at = out.writeBigInt64BE(BigInt(first + i), at)
    small(source.getUint8(from))
    small(source.getUint8(from + 1))
    integer(source.getUint16(from + 2, true))
    integer(source.getUint16(from + 4, true))
    for (let field = 8; field < 48; field += 8) long(from + field)
    at = out.writeInt32BE(12, at) // no marks: an empty array of int8
    at = out.writeInt32BE(0, at)
    at = out.writeInt32BE(0, at)
    at = out.writeInt32BE(20, at)
  }
  return out
}
