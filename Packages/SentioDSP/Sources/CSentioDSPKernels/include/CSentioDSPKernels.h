#ifndef CSENTIO_DSP_KERNELS_H
#define CSENTIO_DSP_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#endif
