// The double-well chain of the benchmark as a plain C program, to compare with: one trial at a time, scalar
// ziggurat (256 layers) on xoshiro256++, Gaussian drift, escape x >= 0, the same outcome counts.
//   gcc -O3 -march=native doubleWell.c -lm && ./a.out TRIALS STEPS ETA SIGMA SEED  ->  steps, escaped, seconds
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static uint64_t s[4];

static inline uint64_t rotate(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

static inline uint64_t next(void) {
  const uint64_t result = rotate(s[0] + s[3], 23) + s[0], t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate(s[3], 45);
  return result;
}

static void seed(uint64_t x) {
  for (int i = 0; i < 4; i++) {
    uint64_t z = (x += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    s[i] = z ^ (z >> 31);
  }
}

static const double R = 3.6541528853610088, V = 0.00492867323399;
static double width[257], ratio[256], density[257];

static void build(void) {
  width[0] = V / exp(-0.5 * R * R);
  width[1] = R;
  for (int i = 2; i < 256; i++) width[i] = sqrt(-2 * log(V / width[i - 1] + exp(-0.5 * width[i - 1] * width[i - 1])));
  width[256] = 0;
  for (int i = 0; i < 257; i++) density[i] = exp(-0.5 * width[i] * width[i]);
  for (int i = 0; i < 256; i++) ratio[i] = width[i + 1] / width[i];
}

static inline double uniform(void) { return (next() >> 11) * 0x1p-53; }

static inline double gaussian(void) {
  for (;;) {
    const uint64_t bits = next();
    const int layer = bits & 255;
    const double f = (double)((int64_t)bits >> 11) * 0x1p-52;
    const double x = f * width[layer];
    if (fabs(f) < ratio[layer]) return x;
    if (layer == 0) {
      double a, b;
      do {
        a = -log(1 - uniform()) / R;
        b = -log(1 - uniform());
      } while (b + b <= a * a);
      return f < 0 ? -R - a : R + a;
    }
    if (density[layer] + uniform() * (density[layer + 1] - density[layer]) < exp(-0.5 * x * x)) return x;
  }
}

int main(int count, char **arguments) {
  if (count < 6) return 2;
  const long trials = atol(arguments[1]), horizon = atol(arguments[2]);
  const double eta = atof(arguments[3]), sigma = atof(arguments[4]);
  const uint64_t first = strtoull(arguments[5], 0, 10);
  build();
  struct timespec begin, end;
  clock_gettime(CLOCK_MONOTONIC, &begin);
  long steps = 0, escaped = 0, diverged = 0;
  double losses = 0;
  for (long trial = 0; trial < trials; trial++) {
    seed(first + trial * 4);
    double x = -1;
    for (long n = 1; n <= horizon; n++) {
      x -= eta * (x * x * x - x + sigma * gaussian());
      steps++;
      if (x >= 0) {
        escaped++;
        break;
      }
      if (!(fabs(x) <= 1e6)) {
        diverged++;
        break;
      }
    }
    losses += (x * x - 1) * (x * x - 1) / 4;
  }
  clock_gettime(CLOCK_MONOTONIC, &end);
  const double seconds = (end.tv_sec - begin.tv_sec) + 1e-9 * (end.tv_nsec - begin.tv_nsec);
  printf("{\"steps\": %ld, \"escaped\": %ld, \"diverged\": %ld, \"losses\": %.17g, \"seconds\": %.9f}\n", steps, escaped,
         diverged, losses, seconds);
  return 0;
}
