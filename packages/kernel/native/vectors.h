// Vectors of eight lanes, which stand for the four vectors of two lanes that run side by side in WebAssembly. Each
// function has the name and the meaning of a WebAssembly instruction.
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { LANES = 8 };
typedef int64_t V __attribute__((vector_size(64), may_alias));
typedef uint64_t U __attribute__((vector_size(64)));
typedef double F __attribute__((vector_size(64)));
typedef int32_t W __attribute__((vector_size(64)));
typedef uint32_t UW __attribute__((vector_size(64)));
#define INLINE static inline __attribute__((always_inline))

/*
 * Every function has two addresses. M is the memory of the module. In S, the values of a vector in M are eight lanes
 * wide: 64 bytes at S + 4 a for the 16 bytes at M + a. M and S do not overlap.
 */
#define BOTH char *restrict M, char *restrict S
#define WIDE(type, address) (*(type *)(S + 4 * (uint64_t)(uint32_t)(address)))
#define WIDE_AT(type, address, offset) (*(type *)(S + 4 * (uint64_t)(uint32_t)(address) + 4 * (uint64_t)(offset)))
#define SHARED(type, address, offset) (*(type *)(M + (uint64_t)(uint32_t)(address) + (uint64_t)(offset)))
#define STATIC(type, address, offset) (*(const type *)((address) + (offset)))

INLINE V f64x2_splat(double x) { return (V)(F){x, x, x, x, x, x, x, x}; }
INLINE V i64x2_splat(int64_t x) { return (V){x, x, x, x, x, x, x, x}; }
INLINE V i32x4_splat(uint32_t x) { return i64x2_splat((int64_t)((uint64_t)x << 32 | x)); }
INLINE V f64x2_add(V a, V b) { return (V)((F)a + (F)b); }
INLINE V f64x2_sub(V a, V b) { return (V)((F)a - (F)b); }
INLINE V f64x2_mul(V a, V b) { return (V)((F)a * (F)b); }
INLINE V f64x2_div(V a, V b) { return (V)((F)a / (F)b); }
INLINE V f64x2_eq(V a, V b) { return (V)((F)a == (F)b); }
INLINE V f64x2_ne(V a, V b) { return (V)((F)a != (F)b); }
INLINE V f64x2_lt(V a, V b) { return (V)((F)a < (F)b); }
INLINE V f64x2_le(V a, V b) { return (V)((F)a <= (F)b); }
INLINE V f64x2_gt(V a, V b) { return (V)((F)a > (F)b); }
INLINE V f64x2_ge(V a, V b) { return (V)((F)a >= (F)b); }
INLINE V f64x2_neg(V a) { return a ^ i64x2_splat(INT64_MIN); }
INLINE V f64x2_abs(V a) { return a & i64x2_splat(INT64_MAX); }
INLINE V v128_and(V a, V b) { return a & b; }
INLINE V v128_andnot(V a, V b) { return a & ~b; }
INLINE V v128_or(V a, V b) { return a | b; }
INLINE V v128_xor(V a, V b) { return a ^ b; }
INLINE V v128_not(V a) { return ~a; }
INLINE V v128_bitselect(V a, V b, V mask) { return (a & mask) | (b & ~mask); }
INLINE V f64x2_pmin(V a, V b) { return v128_bitselect(b, a, f64x2_lt(b, a)); }
INLINE V f64x2_pmax(V a, V b) { return v128_bitselect(b, a, f64x2_lt(a, b)); }
INLINE V i64x2_add(V a, V b) { return (V)((U)a + (U)b); }
INLINE V i64x2_sub(V a, V b) { return (V)((U)a - (U)b); }
INLINE V i64x2_eq(V a, V b) { return (V)(a == b); }
INLINE V i64x2_shl(V a, int32_t k) { return (V)((U)a << (k & 63)); }
INLINE V i64x2_shr_s(V a, int32_t k) { return a >> (k & 63); }
INLINE V i64x2_shr_u(V a, int32_t k) { return (V)((U)a >> (k & 63)); }
INLINE V i32x4_shr_s(V a, int32_t k) { return (V)((W)a >> (k & 31)); }
INLINE V i32x4_ge_u(V a, V b) { return (V)((UW)a >= (UW)b); }
#if __has_builtin(__builtin_elementwise_sqrt)
INLINE V f64x2_sqrt(V a) { return (V)__builtin_elementwise_sqrt((F)a); }
INLINE V f64x2_floor(V a) { return (V)__builtin_elementwise_floor((F)a); }
#else
#define BY_LANE(name, function)                                          \
  INLINE V name(V a) {                                                   \
    F x = (F)a;                                                          \
    for (int lane = 0; lane < LANES; lane++) x[lane] = function(x[lane]); \
    return (V)x;                                                         \
  }
BY_LANE(f64x2_sqrt, __builtin_sqrt)
BY_LANE(f64x2_floor, __builtin_floor)
#endif

/** Bit for each lane whose sign bit is set. */
INLINE int32_t i64x2_bitmask(V a) {
#if defined __AVX512DQ__
  typedef long long Long __attribute__((vector_size(64)));
  return (uint8_t)__builtin_ia32_cvtq2mask512((Long)a);
#else
  typedef double Half __attribute__((vector_size(32)));
  F x = (F)a;
  Half low = __builtin_shufflevector(x, x, 0, 1, 2, 3), high = __builtin_shufflevector(x, x, 4, 5, 6, 7);
  return __builtin_ia32_movmskpd256(low) | __builtin_ia32_movmskpd256(high) << 4;
#endif
}
INLINE bool v128_any_true(V a) { return i64x2_bitmask((V)(a != 0)) != 0; }
INLINE bool i64x2_all_true(V a) { return i64x2_bitmask((V)(a == 0)) == 0; }

INLINE double numberIn(V a, int lane) { return ((F)a)[lane]; }
// By a mask: a load of the whole vector would wait for a write to one lane.
INLINE V withBits(V a, int lane, int64_t x) {
  return v128_bitselect(i64x2_splat(x), a, (V){0, 1, 2, 3, 4, 5, 6, 7} == lane);
}
INLINE V withNumber(V a, int lane, double x) { return withBits(a, lane, ((V)f64x2_splat(x))[0]); }
/** Each number in both halves of its lane. */
INLINE V lowWords(V a) { return i32x4_splat(0) | (a & 0xffffffff) | (V)((U)a << 32); }
INLINE V highWords(V a) { return (V)((U)a >> 32) | (a & (int64_t)0xffffffff00000000); }

INLINE double reinterpret_f64(uint64_t bits) {
  double x;
  memcpy(&x, &bits, 8);
  return x;
}
INLINE uint64_t reinterpret_u64(double x) {
  uint64_t bits;
  memcpy(&bits, &x, 8);
  return bits;
}
INLINE uint64_t rotl_u64(uint64_t x, uint64_t k) { return x << (k & 63) | x >> (-k & 63); }
INLINE int64_t max_i64(int64_t a, int64_t b) { return a > b ? a : b; }
// Of two integers.
#define minimum(a, b) ({ __auto_type x_ = (a); __auto_type y_ = (b); x_ < y_ ? x_ : y_; })
#define maximum(a, b) ({ __auto_type x_ = (a); __auto_type y_ = (b); x_ > y_ ? x_ : y_; })
INLINE uint64_t clz_u64(uint64_t x) { return x == 0 ? 64 : (uint64_t)__builtin_clzll(x); }
