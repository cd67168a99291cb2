// The double-well chain of the benchmark as a plain C program: LANES trials side by side in one loop (1: a trial at a
// time), scalar ziggurat, Gaussian drift, escape x >= 0, the same outcome counts; a lane takes the next trial at once.
//   gcc -O3 -march=native -DLANES=1 doubleWell.c -lm && ./a.out TRIALS STEPS ETA SIGMA SEED
//   ->  one JSON line: steps, escaped, diverged, losses, seconds
#include "random.h"

int main(int count, char **arguments) {
  if (count < 6) return 2;
  const long trials = atol(arguments[1]), horizon = atol(arguments[2]);
  const double eta = atof(arguments[3]), sigma = atof(arguments[4]);
  const uint64_t first = strtoull(arguments[5], 0, 10);
  build();
  const double begin = now();
  long steps = 0, escaped = 0, diverged = 0, begun = 0, active = 0;
  double losses = 0;
#if LANES == 1
  (void)begun, (void)active;
  for (long trial = 0; trial < trials; trial++) {
    struct stream stream = seeded(first + trial * 4);
    double x = -1;
    long n = 0;
    while (n < horizon) {
      x -= eta * (x * x * x - x + sigma * gaussian(&stream));
      n++;
      if (x >= 0) {
        escaped++;
        break;
      }
      if (!(fabs(x) <= 1e6)) {
        diverged++;
        break;
      }
    }
    steps += n;
    losses += (x * x - 1) * (x * x - 1) / 4;
  }
#else
  struct stream streams[LANES];
  double x[LANES];
  long n[LANES];
  for (int lane = 0; lane < LANES; lane++) {
    streams[lane] = seeded(first + begun * 4);
    x[lane] = -1;
    // A lane without a trial idles.
    n[lane] = begun < trials ? 0 : -1;
    active += begun < trials;
    begun++;
  }
  while (active > 0) {
    long chunk = horizon, taken = 0;
    for (int lane = 0; lane < LANES; lane++) {
      if (n[lane] >= 0 && horizon - n[lane] < chunk) chunk = horizon - n[lane];
    }
    int due;
    do {
      due = 0;
#pragma GCC unroll 8
      for (int lane = 0; lane < LANES; lane++) {
        x[lane] -= eta * (x[lane] * x[lane] * x[lane] - x[lane] + sigma * gaussian(&streams[lane]));
        due |= (x[lane] >= 0) | !(fabs(x[lane]) <= 1e6);
      }
      taken++;
    } while (!due && taken < chunk);
    for (int lane = 0; lane < LANES; lane++) {
      const int out = x[lane] >= 0, away = !(fabs(x[lane]) <= 1e6);
      if (n[lane] < 0) {
        x[lane] = -1;
        continue;
      }
      n[lane] += taken;
      if (!out && !away && n[lane] < horizon) continue;
      steps += n[lane];
      if (out) escaped++;
      else if (away) diverged++;
      losses += (x[lane] * x[lane] - 1) * (x[lane] * x[lane] - 1) / 4;
      x[lane] = -1;
      n[lane] = begun < trials ? 0 : -1;
      active -= begun >= trials;
      streams[lane] = seeded(first + begun++ * 4);
    }
  }
#endif
  printf("{\"steps\": %ld, \"escaped\": %ld, \"diverged\": %ld, \"losses\": %.17g, \"seconds\": %.9f}\n",
         steps, escaped,
         diverged, losses, now() - begin);
  return 0;
}
