#ifndef SENTIO_DSP_LANE_TYPES_H
#define SENTIO_DSP_LANE_TYPES_H

#include "KernelClones.h"
#include "Lanes.h"

// clang's extended vectors have the selection `a < b ? x : y` lane by lane.
typedef float lanes __attribute__((ext_vector_type(16), aligned(64), may_alias));
typedef float unaligned_lanes __attribute__((ext_vector_type(16), aligned(4), may_alias));
typedef int32_t int_lanes __attribute__((ext_vector_type(16), aligned(64), may_alias));

// These are macros because vectors wider than the baseline's cannot be passed to functions.
#define LANES_MAX(a, b) ((a) > (b) ? (a) : (b))
#define LANES_MIN(a, b) ((a) < (b) ? (a) : (b))

#endif
