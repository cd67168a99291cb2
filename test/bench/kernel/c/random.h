// What the C programs of the benchmark share: xoshiro256++ (Blackman and Vigna 2019) and the scalar ziggurat (Marsaglia
// and Tsang 2000) with as many layers as the kernel has; 256 were slower here too.
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct stream {
  uint64_t s[4];
};

static inline uint64_t rotate(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

static inline uint64_t next(struct stream *stream) {
  uint64_t *s = stream->s;
  const uint64_t result = rotate(s[0] + s[3], 23) + s[0], t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate(s[3], 45);
  return result;
}

/** By splitmix64. */
static struct stream seeded(uint64_t x) {
  struct stream stream;
  for (int i = 0; i < 4; i++) {
    uint64_t z = (x += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    stream.s[i] = z ^ (z >> 31);
  }
  return stream;
}

#ifndef LAYERS
#define LAYERS 1024
#endif
#if LAYERS == 1024
static const double R = 4.038849846109504, V = 0.001226324646353088;
#else
static const double R = 3.654152885361009, V = 0.004928673233974655;
#endif
static double width[LAYERS + 1], ratio[LAYERS], density[LAYERS + 1];

static void build(void) {
  width[0] = V / exp(-0.5 * R * R);
  width[1] = R;
  for (int i = 2; i < LAYERS; i++) {
    width[i] = sqrt(-2 * log(V / width[i - 1] + exp(-0.5 * width[i - 1] * width[i - 1])));
  }
  width[LAYERS] = 0;
  for (int i = 0; i <= LAYERS; i++) density[i] = exp(-0.5 * width[i] * width[i]);
  for (int i = 0; i < LAYERS; i++) ratio[i] = width[i + 1] / width[i];
}

static inline double uniform(struct stream *stream) { return (next(stream) >> 11) * 0x1p-53; }

/** Layer in the low bits, signed fraction in the upper 53. */
static inline double fraction(uint64_t bits) { return (double)((int64_t)bits >> 11) * 0x1p-52; }

/** Finishes a draw that fell outside its layer. */
static __attribute__((noinline)) double repair(struct stream *stream, uint64_t bits) {
  for (;;) {
    const int layer = bits & (LAYERS - 1);
    const double f = fraction(bits), x = f * width[layer];
    if (fabs(f) < ratio[layer]) return x;
    if (layer == 0) {
      double a, b;
      do {
        a = -log(1 - uniform(stream)) / R;
        b = -log(1 - uniform(stream));
      } while (b + b <= a * a);
      return f < 0 ? -R - a : R + a;
    }
    if (density[layer] + uniform(stream) * (density[layer + 1] - density[layer]) < exp(-0.5 * x * x)) return x;
    bits = next(stream);
  }
}

static inline double gaussian(struct stream *stream) {
  const uint64_t bits = next(stream);
  const int layer = bits & (LAYERS - 1);
  const double f = fraction(bits);
  if (__builtin_expect(fabs(f) < ratio[layer], 1)) return f * width[layer];
  return repair(stream, bits);
}

/** Processor time in seconds. */
static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec + 1e-9 * time.tv_nsec;
}
