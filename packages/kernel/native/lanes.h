// Functions of the runtime that look up a table for each lane.

typedef double Two __attribute__((vector_size(16))), Four __attribute__((vector_size(32)));

/** The pairs (ratio, width) of the ziggurat, in vectors of four lanes. */
typedef struct { F low, high; } Layers;
INLINE F layersOfFour(BOTH, const int64_t *offsets) {
#define LAYER(i) SHARED(Two, offsets[i], g_LAYERS)
  Four low = __builtin_shufflevector(LAYER(0), LAYER(1), 0, 1, 2, 3);
  Four high = __builtin_shufflevector(LAYER(2), LAYER(3), 0, 1, 2, 3);
  return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7);
}
// Numbers of lanes go through memory, since taking them out of a register keeps the ports for shuffles busy. The halves
// are written apart, as a load from a written vector of 64 bytes waits.
#define EACH_OF(v)                                                \
  typedef int64_t Half __attribute__((vector_size(32)));          \
  Half low_ = __builtin_shufflevector(v, v, 0, 1, 2, 3);          \
  Half high_ = __builtin_shufflevector(v, v, 4, 5, 6, 7);         \
  __asm__("" : "+m"(low_));                                       \
  __asm__("" : "+m"(high_));                                      \
  const int64_t *low = (const int64_t *)&low_, *high = (const int64_t *)&high_;
INLINE Layers layersOf(BOTH, V offset) {
  EACH_OF(offset)
  return (Layers){layersOfFour(M, S, low), layersOfFour(M, S, high)};
}
INLINE V f_normal_ratios(BOTH, Layers of, Layers same) {
  return (V)__builtin_shufflevector(of.low, of.high, 0, 2, 4, 6, 8, 10, 12, 14);
}
INLINE V f_normal_widths(BOTH, Layers of, Layers same) {
  return (V)__builtin_shufflevector(of.low, of.high, 1, 3, 5, 7, 9, 11, 13, 15);
}

static double f_normal_attempt(BOTH, uint32_t state, uint64_t bits);
/**
 * Draws again in the lanes `outside`. Not inlined, so that the loop of steps keeps its values in registers. The state
 * of a lane is copied, since a vector that is loaded after a write to one of its lanes waits.
 */
__attribute__((cold, noinline)) static V f_normal_repair(BOTH, uint32_t state, V bits, V x, V outside) {
  V *states[] = {&WIDE(V, state), &WIDE(V, state + 16), &WIDE(V, state + 32), &WIDE(V, state + 48)};
  for (int left = i64x2_bitmask(outside); left != 0; left &= left - 1) {
    int lane = __builtin_ctz(left);
    V own[4];
    for (int i = 0; i < 4; i++) own[i][0] = (*states[i])[lane];
    x = withNumber(x, lane, f_normal_attempt(M, (char *)own, 0, bits[lane]));
    for (int i = 0; i < 4; i++) *states[i] = withBits(*states[i], lane, own[i][0]);
  }
  return x;
}

/** tanh of as many steps of 1/128 as the low words say. */
INLINE V f_hyperbolic_tanhAt_v(BOTH, V shifted) {
  V offset = (shifted & 8191) << 3;
  EACH_OF(offset)
#define TANH_AT(at) SHARED(double, at, g_TANH_TABLE)
  return (V)(F){TANH_AT(low[0]),  TANH_AT(low[1]),  TANH_AT(low[2]),  TANH_AT(low[3]),
                TANH_AT(high[0]), TANH_AT(high[1]), TANH_AT(high[2]), TANH_AT(high[3])};
}
