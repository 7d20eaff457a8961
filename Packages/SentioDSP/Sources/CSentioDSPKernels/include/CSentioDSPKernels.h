#ifndef CSENTIO_DSP_KERNELS_H
#define CSENTIO_DSP_KERNELS_H

// One header per idea, with the C file of the same name; this one only gathers them.
#include "Decibels.h"
#include "FiniteSamples.h"
#include "LaneFFT.h"
#include "LaneFilters.h"
#include "LaneSpectrum.h"
#include "Lanes.h"
#include "OverlapSave.h"
#include "WindowAndPower.h"

#include "ResampleKernels.h"
#include "SlidingMedian.h"
#include "SoftMasks.h"
#include "TemporalKernels.h"

#endif
