import { gunzip } from '../files/unpack.ts'
import { packedDigits } from './digits.generated.ts'

const samples = 1797
const columns = 65

/** 1797 samples: 64 pixels of an 8 x 8 image, row by row, from 0 to 16; then the digit. */
export function digits(): number[][] {
  const packed = Uint8Array.from(atob(packedDigits), (letter) => letter.charCodeAt(0))
  const values = gunzip(packed, (reason) => new Error(reason))
  return Array.from({ length: samples }, (_, i) => Array.from({ length: columns }, (_, j) => values[j * samples + i]!))
}
