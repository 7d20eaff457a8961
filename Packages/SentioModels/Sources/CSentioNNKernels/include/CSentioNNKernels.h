#ifndef CSENTIO_NN_KERNELS_H
#define CSENTIO_NN_KERNELS_H

#include <stddef.h>

#include "update.h"

#endif
