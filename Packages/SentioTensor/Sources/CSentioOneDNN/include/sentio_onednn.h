#ifndef SENTIO_ONEDNN_H
#define SENTIO_ONEDNN_H

// What Sentio asks of oneDNN, in terms that are the same for its API versions 2 and 3.

#include "sentio_onednn_convolution.h"
#include "sentio_onednn_primitive.h"
#include "sentio_onednn_product.h"

/// The version of the library that the process runs with, such as 2.6.3; 0 for a part that is unknown.
void sentio_dnn_version(int *major, int *minor, int *patch);

/// Whether the library will use the chip's instructions for products of bfloat16 numbers, and of 8-bit integers:
/// the chip has them, this version knows them, and nobody set ONEDNN_MAX_CPU_ISA below them.
int sentio_dnn_uses_bfloat16(void);
int sentio_dnn_uses_int8(void);

#endif
