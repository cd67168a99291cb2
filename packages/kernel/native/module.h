// The library as a module of Node: `advance(memory, limit)`.
#include <setjmp.h>
#include <signal.h>

typedef struct napi_env__ *napi_env;
typedef struct napi_value__ *napi_value;
typedef struct napi_info__ *napi_info;
extern int napi_get_cb_info(napi_env, napi_info, size_t *, napi_value *, napi_value *, void **);
extern int napi_get_arraybuffer_info(napi_env, napi_value, void **, size_t *);
extern int napi_get_value_double(napi_env, napi_value, double *);
extern int napi_create_double(napi_env, double, napi_value *);
typedef napi_value function(napi_env, napi_info);
extern int napi_create_function(napi_env, const char *, size_t, function *, void *, napi_value *);
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

/** Returns the number of steps; -1 if the memory is too small, and -2 after a crash. */
static napi_value call(napi_env env, napi_info info) {
  size_t count = 2, length = 0;
  napi_value given[2], result;
  void *memory = 0;
  double limit = 0, taken = -1;
  napi_get_cb_info(env, info, &count, given, 0, 0);
  napi_get_arraybuffer_info(env, given[0], &memory, &length);
  napi_get_value_double(env, given[1], &limit);
  if (length >= END) {
    sigjmp_buf start;
    if (sigsetjmp(start, 0) == 0) {
      guarded = &start;
      taken = (double)enter(memory, (i64)limit);
    } else taken = -2;
    guarded = 0;
  }
  napi_create_double(env, taken, &result);
  return result;
}

__attribute__((visibility("default"))) napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  napi_value advance;
  napi_create_function(env, "advance", 7, call, 0, &advance);
  napi_set_named_property(env, exports, "advance", advance);
  return exports;
}
