// The library as a module of Node: `advance(memory, scratch, limit)`. Node's own headers are not needed.
#include <setjmp.h>
#include <signal.h>

typedef struct napi_env__ *napi_env;
typedef struct napi_value__ *napi_value;
typedef struct napi_callback_info__ *napi_callback_info;
typedef napi_value napi_callback(napi_env, napi_callback_info);
extern int napi_get_cb_info(napi_env, napi_callback_info, size_t *, napi_value *, napi_value *, void **);
extern int napi_get_arraybuffer_info(napi_env, napi_value, void **, size_t *);
extern int napi_get_value_double(napi_env, napi_value, double *);
extern int napi_create_double(napi_env, double, napi_value *);
extern int napi_create_function(napi_env, const char *, size_t, napi_callback *, void *, napi_value *);
extern int napi_set_named_property(napi_env, napi_value, const char *, napi_value);

// A crash ends one call instead of the process: the handler returns to where the call began. A signal outside of a call
// goes to the handler that was there before, such as V8's.
static __thread sigjmp_buf *guarded;
static struct sigaction before[NSIG];

static void on_crash(int number, siginfo_t *info, void *context) {
  if (guarded) siglongjmp(*guarded, 1);
  struct sigaction *old = &before[number];
  if (old->sa_flags & SA_SIGINFO) old->sa_sigaction(number, info, context);
  else if (old->sa_handler != SIG_DFL && old->sa_handler != SIG_IGN) old->sa_handler(number);
  else sigaction(number, old, 0); // The instruction is repeated, and the default action ends the process.
}

__attribute__((constructor)) static void guard(void) {
  struct sigaction action = {.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
  int numbers[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
  sigemptyset(&action.sa_mask);
  for (int i = 0; i < 4; i++) sigaction(numbers[i], &action, &before[numbers[i]]);
}

/** The eight lanes of a value, from the four vectors of the module to S. */
INLINE void enter(BOTH, uint32_t first, uint32_t end) {
  for (uint32_t offset = first; offset < end; offset += 16) {
    V *to = &WIDE(V, g_VECTORS_AT + offset);
    for (int k = 0; k < LANES / 2; k++)
      memcpy((char *)to + 16 * k, M + g_VECTORS_AT + (uint64_t)k * g_STRIDE + offset, 16);
  }
}
INLINE void leave(BOTH, uint32_t first, uint32_t end) {
  for (uint32_t offset = first; offset < end; offset += 16) {
    const V *from = &WIDE(V, g_VECTORS_AT + offset);
    for (int k = 0; k < LANES / 2; k++)
      memcpy(M + g_VECTORS_AT + (uint64_t)k * g_STRIDE + offset, (const char *)from + 16 * k, 16);
  }
}

/** Takes up to `limit` steps. Gradients and temporary values do not outlive a call. */
static double advanceIn(BOTH, int64_t limit) {
  enter(M, S, 0, g_GRADIENT);
  enter(M, S, g_MATRICES, g_DESCENT);
  memcpy(&WIDE(V, g_STEPS), M + g_STEPS, sizeof(V));
  int64_t taken = f_landscape_steps(M, S, limit);
  memcpy(M + g_EVENTS, &WIDE(V, g_EVENTS), sizeof(V));
  leave(M, S, 0, g_GRADIENT);
  leave(M, S, g_DATA_STATE, g_REFERENCE);
  return (double)taken;
}

/** Returns the number of steps; -1 if one of the memories is too small, and -2 after a crash. */
static napi_value advance(napi_env env, napi_callback_info info) {
  size_t count = 3, memoryBytes = 0, scratchBytes = 0;
  napi_value given[3], result = NULL;
  void *memory = NULL, *scratch = NULL;
  double limit = 0;
  volatile double taken = -1;
  napi_get_cb_info(env, info, &count, given, NULL, NULL);
  if (count == 3 && napi_get_arraybuffer_info(env, given[0], &memory, &memoryBytes) == 0 &&
      napi_get_arraybuffer_info(env, given[1], &scratch, &scratchBytes) == 0 &&
      napi_get_value_double(env, given[2], &limit) == 0 && memoryBytes >= g_DATA &&
      scratchBytes >= 4 * (uint64_t)g_DATA + 64) {
    sigjmp_buf start;
    if (sigsetjmp(start, 0) == 0) {
      guarded = &start;
      taken = advanceIn(memory, (char *)(((uintptr_t)scratch + 63) & ~(uintptr_t)63), (int64_t)limit);
    } else taken = -2;
    guarded = NULL;
  }
  napi_create_double(env, taken, &result);
  return result;
}

__attribute__((visibility("default"))) napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  napi_value function = NULL;
  napi_create_function(env, "advance", 7, advance, NULL, &function);
  napi_set_named_property(env, exports, "advance", function);
  return exports;
}
