/**
 * More bytes would be too many arguments for one call. The number is a multiple of three, so that the Base64 texts can
 * be joined.
 */
const pieceBytes = 8_190

export function base64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += pieceBytes)
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + pieceBytes)))
  return text
}
