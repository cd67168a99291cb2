// The double-well chain by hand for the widest vectors of the machine (AVX-512, else AVX2), VECTORS of them side by
// side. Normals by a ziggurat with gathered tables, or with -DBOX_MULLER by libmvec's log, sin and cos.
//   gcc -O3 -march=native -DVECTORS=2 vectors.c -lmvec -lm && ./a.out TRIALS STEPS ETA SIGMA SEED
#include <immintrin.h>
#include "random.h"

#ifdef __AVX512F__
#define WIDTH 8
#define GATHER(table, index) (number) _mm512_i64gather_pd((__m512i)(index), table, 8)
#define ANY(mask) _mm512_movepi64_mask((__m512i)(mask))
#define SQRT(x) (number) _mm512_sqrt_pd((__m512d)(x))
__m512d _ZGVeN8v_log(__m512d), _ZGVeN8v_sin(__m512d), _ZGVeN8v_cos(__m512d);
#define LOG _ZGVeN8v_log
#define SIN _ZGVeN8v_sin
#define COS _ZGVeN8v_cos
#else
#define WIDTH 4
#define GATHER(table, index) (number) _mm256_i64gather_pd(table, (__m256i)(index), 8)
#define ANY(mask) _mm256_movemask_pd((__m256d)(mask))
#define SQRT(x) (number) _mm256_sqrt_pd((__m256d)(x))
__m256d _ZGVdN4v_log(__m256d), _ZGVdN4v_sin(__m256d), _ZGVdN4v_cos(__m256d);
#define LOG _ZGVdN4v_log
#define SIN _ZGVdN4v_sin
#define COS _ZGVdN4v_cos
#endif
#define LANES (WIDTH * VECTORS)

typedef double number __attribute__((vector_size(8 * WIDTH)));
typedef uint64_t word __attribute__((vector_size(8 * WIDTH)));
typedef int64_t mask __attribute__((vector_size(8 * WIDTH)));

struct streams {
  word s[4];
};

static inline word rotates(word x, int k) { return (x << k) | (x >> (64 - k)); }

static inline word nexts(struct streams *streams) {
  word *s = streams->s;
  const word result = rotates(s[0] + s[3], 23) + s[0], t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotates(s[3], 45);
  return result;
}

static void put(struct streams *streams, int lane, struct stream stream) {
  for (int i = 0; i < 4; i++) streams->s[i][lane] = stream.s[i];
}

/** (2k + 1) / 2^53 of the upper 52 bits. */
static inline number fractions(word bits) {
  return (number)((bits >> 12) | 0x3ff0000000000000) - 0x1.fffffffffffffp-1;
}

#ifdef BOX_MULLER
struct normals {
  struct streams streams;
  number spare;
  int has;
};

static inline number gaussians(struct normals *own) {
  if (own->has) {
    own->has = 0;
    return own->spare;
  }
  const number radius = SQRT((number)LOG(fractions(nexts(&own->streams))) * -2);
  const number angle = fractions(nexts(&own->streams)) * 6.283185307179586;
  own->spare = radius * (number)SIN(angle);
  own->has = 1;
  return radius * (number)COS(angle);
}
#else
struct normals {
  struct streams streams;
};

/** Draws the lanes `out` of x again to the end, as `repair` does: bits of the scalar ziggurat stand elsewhere. */
static __attribute__((noinline)) number repairs(struct normals *own, word bits, number x, unsigned out) {
  for (int lane = 0; lane < WIDTH; lane++) {
    if (!(out >> lane & 1)) continue;
    struct stream stream;
    for (int i = 0; i < 4; i++) stream.s[i] = own->streams.s[i][lane];
    const uint64_t b = bits[lane];
    const int64_t k = ((b >> 12) << 12 | 2048) >> 12;
    x[lane] = repair(&stream, ((b & 1 ? -(uint64_t)k : (uint64_t)k) << 11) | (b >> 2 & (LAYERS - 1)));
    put(&own->streams, lane, stream);
  }
  return x;
}

static inline number gaussians(struct normals *own) {
  const word bits = nexts(&own->streams), layer = bits >> 2 & (LAYERS - 1);
  const number f = fractions(bits);
  const mask outside = f >= GATHER(ratio, layer);
  const number x = (number)((word)(f * GATHER(width, layer)) ^ bits << 63);
  const unsigned out = ANY(outside);
  return __builtin_expect(out != 0, 0) ? repairs(own, bits, x, out) : x;
}
#endif

int main(int count, char **arguments) {
  if (count < 6) return 2;
  const long trials = atol(arguments[1]), horizon = atol(arguments[2]);
  const double eta = atof(arguments[3]), sigma = atof(arguments[4]);
  const uint64_t first = strtoull(arguments[5], 0, 10);
  build();
  const double begin = now();
  long steps = 0, escaped = 0, diverged = 0, begun = 0, active = 0;
  double losses = 0;
  static struct normals own[VECTORS];
  number x[VECTORS];
  long n[LANES];
  for (int lane = 0; lane < LANES; lane++) {
    put(&own[lane / WIDTH].streams, lane % WIDTH, seeded(first + begun * 4));
    x[lane / WIDTH][lane % WIDTH] = -1;
    n[lane] = begun < trials ? 0 : -1;
    active += begun < trials;
    begun++;
  }
  while (active > 0) {
    long chunk = horizon, taken = 0;
    for (int lane = 0; lane < LANES; lane++) {
      if (n[lane] >= 0 && horizon - n[lane] < chunk) chunk = horizon - n[lane];
    }
    mask due;
    do {
      due = (mask){0};
#pragma GCC unroll 8
      for (int v = 0; v < VECTORS; v++) {
        x[v] -= eta * (x[v] * x[v] * x[v] - x[v] + sigma * gaussians(&own[v]));
        due |= (x[v] >= 0) | ~((x[v] <= 1e6) & (x[v] >= -1e6));
      }
      taken++;
    } while (!ANY(due) && taken < chunk);
    for (int lane = 0; lane < LANES; lane++) {
      const double last = x[lane / WIDTH][lane % WIDTH];
      const int out = last >= 0, away = !(fabs(last) <= 1e6);
      if (n[lane] >= 0) {
        n[lane] += taken;
        if (!out && !away && n[lane] < horizon) continue;
        steps += n[lane];
        if (out) escaped++;
        else if (away) diverged++;
        losses += (last * last - 1) * (last * last - 1) / 4;
        n[lane] = begun < trials ? 0 : -1;
        active -= begun >= trials;
        put(&own[lane / WIDTH].streams, lane % WIDTH, seeded(first + begun++ * 4));
      }
      x[lane / WIDTH][lane % WIDTH] = -1;
    }
  }
  printf("{\"steps\": %ld, \"escaped\": %ld, \"diverged\": %ld, \"losses\": %.17g, \"seconds\": %.9f}\n",
         steps, escaped,
         diverged, losses, now() - begin);
  return 0;
}
