// A network INPUTS-HIDDEN-1 with tanh and mean squared error over SAMPLES samples, full batch: gradient descent with
// Gaussian drift, one trial at a time, libm's tanh, the scalar ziggurat. Sizes are constants, as in the kernel.
//   gcc -O3 -march=native -DINPUTS=2 -DHIDDEN=4 -DSAMPLES=4 network.c -lm && ./a.out TRIALS STEPS ETA SIGMA SEED DATA
//   ->  one JSON line: steps, loss (mean over trials at their end), seconds
// DATA holds SAMPLES rows of INPUTS + 1 doubles. A trial starts at N(0, 1/4) weights and ends at the horizon.
#include "random.h"

#define DIMENSION (HIDDEN * INPUTS + HIDDEN + HIDDEN + 1)

static double data[SAMPLES][INPUTS + 1];

/** The loss and its gradient at theta: W_0 row by row, B_0, W_1, B_1. */
static inline double gradient(const double *theta, double *g) {
  const double *bias = theta + HIDDEN * INPUTS, *weight = bias + HIDDEN, last = weight[HIDDEN];
  double *gBias = g + HIDDEN * INPUTS, *gWeight = gBias + HIDDEN;
  double loss = 0;
  for (int i = 0; i < DIMENSION; i++) g[i] = 0;
  for (int sample = 0; sample < SAMPLES; sample++) {
    const double *input = data[sample];
    double h[HIDDEN], f = last;
    for (int j = 0; j < HIDDEN; j++) {
      double z = bias[j];
      for (int i = 0; i < INPUTS; i++) z += theta[j * INPUTS + i] * input[i];
      h[j] = tanh(z);
      f += weight[j] * h[j];
    }
    const double error = f - input[INPUTS], slope = 2 * error / SAMPLES;
    loss += error * error / SAMPLES;
    gWeight[HIDDEN] += slope;
    for (int j = 0; j < HIDDEN; j++) {
      gWeight[j] += slope * h[j];
      const double delta = slope * weight[j] * (1 - h[j] * h[j]);
      gBias[j] += delta;
      for (int i = 0; i < INPUTS; i++) g[j * INPUTS + i] += delta * input[i];
    }
  }
  return loss;
}

int main(int count, char **arguments) {
  if (count < 7) return 2;
  const long trials = atol(arguments[1]), horizon = atol(arguments[2]);
  const double eta = atof(arguments[3]), sigma = atof(arguments[4]);
  const uint64_t first = strtoull(arguments[5], 0, 10);
  FILE *file = fopen(arguments[6], "rb");
  if (!file || fread(data, sizeof data, 1, file) != 1) return 3;
  fclose(file);
  build();
  const double begin = now();
  double losses = 0;
  for (long trial = 0; trial < trials; trial++) {
    struct stream stream = seeded(first + trial * 4);
    double theta[DIMENSION], g[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) theta[i] = 0.5 * gaussian(&stream);
    for (long n = 0; n < horizon; n++) {
      gradient(theta, g);
      for (int i = 0; i < DIMENSION; i++) theta[i] -= eta * (g[i] + sigma * gaussian(&stream));
    }
    losses += gradient(theta, g);
  }
  printf("{\"steps\": %ld, \"loss\": %.17g, \"seconds\": %.9f}\n", trials * horizon, losses / trials, now() - begin);
  return 0;
}
