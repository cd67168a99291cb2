import { ByteWriter } from 'hyparquet-writer'

export { ParquetWriter } from 'hyparquet-writer'

/**
 * A writer whose bytes can be taken in pieces. Positions in the file are always counted from the start of the first
 * piece.
 */
export class Pieces extends ByteWriter {
  constructor() {
    super(1 << 20)
  }

  take(): Uint8Array {
    const bytes = this.getBytes().slice()
    this.index = 0
    return bytes
  }
}
