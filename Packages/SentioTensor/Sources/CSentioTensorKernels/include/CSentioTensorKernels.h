#ifndef CSENTIO_TENSOR_KERNELS_H
#define CSENTIO_TENSOR_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "attention.h"
#include "bfloat16.h"
#include "depthwise.h"
#include "dropout.h"
#include "convolution.h"
#include "elementwise.h"
#include "integer_convolution.h"
#include "narrow.h"
#include "normalize.h"
#include "orthogonal.h"
#include "parallel.h"
#include "phases.h"
#include "pool.h"
#include "processor.h"
#include "quantize.h"
#include "random.h"
#include "rearrange.h"
#include "recurrent.h"
#include "reduce.h"
#include "reduce_gradients.h"
#include "resize.h"
#include "stream.h"
#include "unfold.h"
#include "window.h"

#include "process_memory.h"

#endif
