// Eight lanes. In the module, a vector has two lanes, and a cell has four of them (`VECTORS`). Here, one vector holds
// all eight: lane k is lane k % 2 of the module's vector k / 2. The names are those of the module's instructions.
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t u8;
typedef int32_t i32;
typedef uint32_t u32;
typedef int64_t i64;
typedef uint64_t u64;
typedef uint64_t usize;
typedef double f64;
typedef f64 V __attribute__((vector_size(64), may_alias));
typedef i64 I __attribute__((vector_size(64), may_alias));
typedef u64 U __attribute__((vector_size(64), may_alias));
typedef i32 W __attribute__((vector_size(64), may_alias));
typedef u64 P __attribute__((vector_size(16), may_alias, aligned(8)));

#define INLINE static inline __attribute__((always_inline))
#define LANES 8
#define EACH(k) for (int k = 0; k < LANES; k++)

/** Every function gets this: the module's memory, and a copy of its vectors with eight lanes in each word. */
typedef struct {
  u8 *memory;
  V *own;
} Context;

#define ALL(r, value) V r; EACH(k) r[k] = (value)

// Memory. Addresses have 32 bits, as in the module.
#define AT(address) (lanes->memory + (u32)(address))
#define WORD(address, offset) (*(const __attribute__((may_alias, aligned(1))) u64 *)AT((u64)(address) + (offset)))

INLINE f64 number(u64 bits) { f64 x; memcpy(&x, &bits, 8); return x; }
INLINE u64 bits_of(f64 x) { u64 bits; memcpy(&bits, &x, 8); return bits; }
INLINE V splat(f64 x) { return (V){x, x, x, x, x, x, x, x}; }
INLINE V splat_bits(u64 x) { return (V)(U){x, x, x, x, x, x, x, x}; }

#define v128_load64_splat(...) SPLAT_(__VA_ARGS__, 0)
#define SPLAT_(address, offset, ...) splat_bits(WORD(address, offset))
#define table_v128_load64_splat(address) splat_bits(*(const u64 *)(address))
#define table_load_u64(...) TABLE_(__VA_ARGS__, 0)
#define TABLE_(address, offset, ...) (*(const u64 *)((address) + (offset)))
#define load_i64(...) ((i64)BITS_(__VA_ARGS__, 0))
#define load_f64(...) NUMBER_(__VA_ARGS__, 0)
#define NUMBER_(address, offset, ...) number(WORD(address, offset))
#define load_u64(...) BITS_(__VA_ARGS__, 0)
#define BITS_(address, offset, ...) WORD(address, offset)

/** Reads a word of all eight lanes from the module's four vectors, and writes it back. */
INLINE V gathered(const u8 *from, usize stride) {
  U r;
  for (int k = 0; k < LANES; k += 2) {
    P pair = *(const P *)(from + (usize)(k / 2) * stride);
    r[k] = pair[0];
    r[k + 1] = pair[1];
  }
  return (V)r;
}
INLINE void scattered(u8 *to, usize stride, V x) {
  for (int k = 0; k < LANES; k += 2) *(P *)(to + (usize)(k / 2) * stride) = (P){((U)x)[k], ((U)x)[k + 1]};
}
#define own_in(offset) (lanes->own[(offset) / 16] = gathered(AT(VECTORS_AT + (offset)), STRIDE))
#define own_out(offset) scattered(AT(VECTORS_AT + (offset)), STRIDE, lanes->own[(offset) / 16])
#define own_load(offset) (lanes->own[(offset) / 16])
#define own_store(x, offset) (lanes->own[(offset) / 16] = (x))
#define lanes_load(address) gathered(AT(address), 16)
#define lanes_store(address, x) scattered(AT(address), 16, x)

/** How many steps each lane has taken: at least 0, or plus another number. */
INLINE V from_zero(V steps) { ALL(r, (f64)(((I)steps)[k] > 0 ? ((I)steps)[k] : 0)); return r; }
INLINE V sums(V steps, i64 more) { ALL(r, (f64)(((I)steps)[k] + more)); return r; }
#define steps_from_zero() from_zero(lanes_load(STEPS))
#define steps_taken(more) sums(lanes_load(STEPS), more)

// One lane
#define bits_in(x, k) (((U)(x))[k])
#define LANE(x, k) ((x)[k])
#define SET_LANE(x, k, value) set_lane(&(x), k, (value))
#define set_lane(x, k, value) _Generic((value), f64: set_number, default: set_bits)(x, k, value)
INLINE void set_number(V *x, int k, f64 value) { (*x)[k] = value; }
INLINE void set_bits(V *x, int k, u64 value) { (*(U *)x)[k] = value; }

// Arithmetic. Every operation is rounded, and none is fused.
#define f64x2_splat(x) splat(x)
#define i64x2_splat(x) splat_bits((u64)(x))
#define f64x2_add(a, b) ((V)(a) + (V)(b))
#define f64x2_sub(a, b) ((V)(a) - (V)(b))
#define f64x2_mul(a, b) ((V)(a) * (V)(b))
#define f64x2_div(a, b) ((V)(a) / (V)(b))
#define f64x2_lt(a, b) ((V)((V)(a) < (V)(b)))
#define f64x2_le(a, b) ((V)((V)(a) <= (V)(b)))
#define f64x2_gt(a, b) ((V)((V)(a) > (V)(b)))
#define f64x2_ge(a, b) ((V)((V)(a) >= (V)(b)))
#define f64x2_eq(a, b) ((V)((V)(a) == (V)(b)))
#define f64x2_ne(a, b) ((V)((V)(a) != (V)(b)))
#define f64x2_neg(a) v128_xor(a, splat_bits(1ull << 63))
#define f64x2_abs(a) v128_and(a, splat_bits(~0ull >> 1))
INLINE V f64x2_sqrt(V x) { ALL(r, __builtin_sqrt(x[k])); return r; }
INLINE V f64x2_nearest(V x) { ALL(r, __builtin_rint(x[k])); return r; }
INLINE V f64x2_floor(V x) { ALL(r, __builtin_floor(x[k])); return r; }
INLINE V f64x2_ceil(V x) { ALL(r, __builtin_ceil(x[k])); return r; }
INLINE V f64x2_trunc(V x) { ALL(r, __builtin_trunc(x[k])); return r; }

// Bits
#define v128_and(a, b) ((V)((U)(a) & (U)(b)))
#define v128_or(a, b) ((V)((U)(a) | (U)(b)))
#define v128_xor(a, b) ((V)((U)(a) ^ (U)(b)))
#define v128_not(a) ((V)(~(U)(a)))
#define v128_andnot(a, b) ((V)((U)(a) & ~(U)(b)))
INLINE V v128_bitselect(V a, V b, V mask) { return v128_or(v128_and(a, mask), v128_andnot(b, mask)); }
INLINE V f64x2_pmin(V a, V b) { return v128_bitselect(b, a, f64x2_lt(b, a)); }
INLINE V f64x2_pmax(V a, V b) { return v128_bitselect(b, a, f64x2_lt(a, b)); }
#define i64x2_add(a, b) ((V)((U)(a) + (U)(b)))
#define i64x2_sub(a, b) ((V)((U)(a) - (U)(b)))
#define i64x2_shl(a, n) ((V)((U)(a) << ((n) & 63)))
#define i64x2_shr_u(a, n) ((V)((U)(a) >> ((n) & 63)))
#define i64x2_shr_s(a, n) ((V)((I)(a) >> ((n) & 63)))
#define i32x4_shr_s(a, n) ((V)((W)(a) >> ((n) & 31)))
#define i64x2_eq(a, b) ((V)((I)(a) == (I)(b)))
#define i64x2_ne(a, b) ((V)((I)(a) != (I)(b)))
#define i64x2_gt_s(a, b) ((V)((I)(a) > (I)(b)))
#define i64x2_lt_s(a, b) ((V)((I)(a) < (I)(b)))
INLINE i32 i64x2_bitmask(V x) {
  i32 r = 0;
  EACH(k) r |= (i32)(((U)x)[k] >> 63) << k;
  return r;
}
INLINE bool v128_any_true(V x) {
  u64 r = 0;
  EACH(k) r |= ((U)x)[k];
  return r != 0;
}
INLINE bool i64x2_all_true(V x) {
  bool r = true;
  EACH(k) r &= ((U)x)[k] != 0;
  return r;
}

// Numbers
#define reinterpret_f64(x) number(x)
#define reinterpret_u64(x) bits_of(x)
#define Math_sqrt(x) __builtin_sqrt(x)
#define clz(x) ((u64)(x) ? __builtin_clzll(x) : 64)
#define min_i64(a, b) ((i64)(a) < (i64)(b) ? (i64)(a) : (i64)(b))
#define max_i64(a, b) ((i64)(a) > (i64)(b) ? (i64)(a) : (i64)(b))
#define rotl_u64(x, n) (((u64)(x) << (n)) | ((u64)(x) >> (64 - (n))))
#define Infinity __builtin_inf()
#define NaN __builtin_nan("")

// Draws. The state of a lane's generator is in words 0 to 3 of the vectors. `state` is the address of word 0.
#define STATE(k) ((usize)((u64 *)lanes->own + (k)))
INLINE u64 nextLane_(const Context *lanes, usize state) {
  u64 *s = (u64 *)state;
  u64 s0 = s[0], s1 = s[8], s2 = s[16] ^ s0, s3 = s[24] ^ s1;
  s[8] = s1 ^ s2;
  s[0] = s0 ^ s3;
  s[16] = s2 ^ (s1 << 17);
  s[24] = rotl_u64(s3, 45);
  return rotl_u64(s0 + (s3 ^ s1), 23) + s0;
}
#define nextLane(state) nextLane_(lanes, state)

/** Ratio and width of the layer of the ziggurat that each lane has drawn. `first` and `second` are then the same. */
typedef struct {
  V ratio, width;
} Layers;
#define i32x4_extract_lane(offset, lane) (offset)
INLINE Layers layers_at(const u8 *table, V offset) {
  Layers r;
  EACH(k) {
    const f64 *layer = (const f64 *)(table + (u32)((U)offset)[k]);
    r.ratio[k] = layer[0];
    r.width[k] = layer[1];
  }
  return r;
}
#define layerAt(offset) layers_at(AT(LAYERS), offset)
#define ratios(first, second) ((first).ratio)
#define widths(first, second) ((first).width)

/** The table of tanh at the multiples of 1/128. */
INLINE V tanh_at(const u8 *table, V shifted) {
  ALL(r, ((const f64 *)table)[((U)shifted)[k] & 8191]);
  return r;
}
#define tanhAt_v(shifted) tanh_at(AT(TANH_TABLE), shifted)
