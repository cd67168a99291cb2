/** Computes the checksum of gzip (RFC 1952), and combines the checksums of two consecutive parts. */

const polynomial = 0xedb88320

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1
  return crc >>> 0
})

export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = table[(crc ^ byte) & 0xff]! ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}

/**
 * The checksum of two consecutive parts, from the checksum of each part and the length of the second part in bytes. The
 * first checksum is multiplied by x^(8 length), then the second is added (xor), as in crc32_combine of zlib.
 */
export function joinedCrc32(first: number, second: number, secondLength: number): number {
  return (times(first, power(8 * secondLength)) ^ second) >>> 0
}

/** The product a(x) b(x) modulo the polynomial. As in the checksum, the highest bit is the coefficient of x^0. */
function times(a: number, b: number): number {
  let product = 0
  let factor = b
  for (let mask = 0x80000000; mask !== 0; mask >>>= 1) {
    if (a & mask) product ^= factor
    factor = factor & 1 ? (factor >>> 1) ^ polynomial : factor >>> 1
  }
  return product >>> 0
}

/** The power x^n modulo the polynomial. */
function power(n: number): number {
  let result = 0x80000000
  let square = 0x40000000
  for (let left = n; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = times(result, square)
    square = times(square, square)
  }
  return result
}
