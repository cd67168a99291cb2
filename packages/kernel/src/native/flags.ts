const features = {
  avx2: ['-mavx2'],
  avx512: ['-mavx512f', '-mavx512dq', '-mavx512vl', '-mavx512bw', '-mprefer-vector-width=512'],
}

/**
 * Flags with which a C compiler makes the library of a shape. Products and sums are never fused, and no operation is
 * replaced by one that is only nearly equal. Signed integers wrap around, as in WebAssembly.
 */
export const compilerFlags = (family: 'clang' | 'gcc', vectors: keyof typeof features): string[] => [
  ...['-O3', '-std=gnu11', '-shared', '-fPIC', '-fvisibility=hidden', '-w', '-Wl,-z,nodelete'],
  ...['-ffp-contract=off', '-fno-math-errno', '-fno-trapping-math', '-fwrapv'],
  ...features[vectors],
  // Gathers are slower than loads on processors with current microcode. An older clang ignores this feature.
  ...(family === 'clang' ? ['-Xclang', '-target-feature', '-Xclang', '+prefer-no-gather'] : []),
]
