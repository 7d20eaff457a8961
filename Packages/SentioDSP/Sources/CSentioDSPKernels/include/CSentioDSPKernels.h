#ifndef CSENTIO_DSP_KERNELS_H
#define CSENTIO_DSP_KERNELS_H

// One header per idea, with the C file of the same name; this one only gathers them.
#include "WindowAndPower.h"

#include "ResampleKernels.h"

#endif
