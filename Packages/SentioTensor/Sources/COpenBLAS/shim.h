#ifndef COPENBLAS_SHIM_H
#define COPENBLAS_SHIM_H

#include <cblas.h>
#include <lapacke.h>
#include <stdlib.h>

// Exported by every DYNAMIC_ARCH build of OpenBLAS but declared in no header. Weak, because a build
// for one chip only (a distribution's choice on other architectures) does not have them.
extern void gotoblas_dynamic_quit(void) __attribute__((weak));
extern void gotoblas_dynamic_init(void) __attribute__((weak));
extern void openblas_read_env(void) __attribute__((weak));

/// Makes OpenBLAS choose its kernels again, for the core that `core` names; 1 where that was
/// possible. No other thread may be inside OpenBLAS.
static inline int sentio_openblas_select_core(const char *core) {
  if (!gotoblas_dynamic_quit || !gotoblas_dynamic_init || !openblas_read_env) return 0;
  if (setenv("OPENBLAS_CORETYPE", core, 1) != 0) return 0;
  gotoblas_dynamic_quit();
  openblas_read_env();
  gotoblas_dynamic_init();
  // The choice is made: child processes should make their own.
  unsetenv("OPENBLAS_CORETYPE");
  return 1;
}

#endif
