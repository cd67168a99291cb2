// Functions of the runtime that look up a table for each lane.

typedef double Two __attribute__((vector_size(16)));
typedef double Four __attribute__((vector_size(32)));

/** The pairs (ratio, width) of the ziggurat at the offsets of four lanes. */
INLINE F layersOfFour(BOTH, V offset, int lane) {
  Two a = SHARED(Two, offset[lane], g_LAYERS);
  Two b = SHARED(Two, offset[lane + 1], g_LAYERS);
  Two c = SHARED(Two, offset[lane + 2], g_LAYERS);
  Two d = SHARED(Two, offset[lane + 3], g_LAYERS);
  Four ab = __builtin_shufflevector(a, b, 0, 1, 2, 3);
  Four cd = __builtin_shufflevector(c, d, 0, 1, 2, 3);
  return __builtin_shufflevector(ab, cd, 0, 1, 2, 3, 4, 5, 6, 7);
}
INLINE V f_normal_ratios(BOTH, V offset, V same) {
  F low = layersOfFour(M, S, offset, 0), high = layersOfFour(M, S, offset, 4);
  return (V)__builtin_shufflevector(low, high, 0, 2, 4, 6, 8, 10, 12, 14);
}
INLINE V f_normal_widths(BOTH, V offset, V same) {
  F low = layersOfFour(M, S, offset, 0), high = layersOfFour(M, S, offset, 4);
  return (V)__builtin_shufflevector(low, high, 1, 3, 5, 7, 9, 11, 13, 15);
}

/** tanh of as many steps of 1/128 as the low words say. */
INLINE V f_hyperbolic_tanhAt_v(BOTH, V shifted) {
#define TANH_AT(lane) SHARED(double, (shifted[lane] & 8191) << 3, g_TANH_TABLE)
  return (V)(F){TANH_AT(0), TANH_AT(1), TANH_AT(2), TANH_AT(3), TANH_AT(4), TANH_AT(5), TANH_AT(6), TANH_AT(7)};
}
