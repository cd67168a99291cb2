import * as z from 'zod'

export const seedExpected = 'an integer, or a string in decimal or 0x hex, from 0 to 18446744073709551615'

export const seedSchema = z.union([z.number(), z.string()], { error: seedExpected })
