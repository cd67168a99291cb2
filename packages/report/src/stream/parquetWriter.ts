import { ByteWriter } from 'hyparquet-writer'

export { ParquetWriter } from 'hyparquet-writer'

/** Takes what has been written so far; later bytes continue at the next position in the file. */
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
