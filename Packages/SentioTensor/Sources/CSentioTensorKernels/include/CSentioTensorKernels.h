#ifndef CSENTIO_TENSOR_KERNELS_H
#define CSENTIO_TENSOR_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "narrow.h"
#include "processor.h"

#endif
