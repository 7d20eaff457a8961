#ifndef CSENTIO_DATA_KERNELS_H
#define CSENTIO_DATA_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "AudioSamples.h"
#include "CSentioSynthesis.h"

#endif
