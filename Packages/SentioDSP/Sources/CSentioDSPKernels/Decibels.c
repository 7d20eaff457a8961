#include "Decibels.h"

#include <math.h>
#include <string.h>

#include "LaneLogarithm.h"

SENTIO_INLINE void level(const lanes *x, lanes *result, lanes *largest, float least, float factor,
                         float offset) {
  const lanes bounded = *x < least ? (lanes){0} + least : *x;
  lanes logarithm;
  lanes_ln(&bounded, &logarithm);
  const lanes decibels = logarithm * factor + offset;
  // The comparison is false for NaN too.
  *result = bounded <= 3.402823466e38f ? decibels : bounded;
  *largest = *result > *largest ? *result : *largest;
}

SENTIO_CLONES
float sentio_dsp_levels(const float *values, float *levels, size_t count, float least, float factor,
                        float offset) {
  lanes largest = (lanes){0} - INFINITY;
  size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    const lanes x = *(const unaligned_lanes *)(values + i);
    lanes result;
    level(&x, &result, &largest, least, factor, offset);
    *(unaligned_lanes *)(levels + i) = result;
  }
  if (i < count) {
    lanes x = (lanes){0} + values[i], result;
    memcpy(&x, values + i, (count - i) * sizeof(float));
    level(&x, &result, &largest, least, factor, offset);
    memcpy(levels + i, &result, (count - i) * sizeof(float));
  }
  float maximum = -INFINITY;
  for (int f = 0; f < 16; f++) maximum = largest[f] > maximum ? largest[f] : maximum;
  return maximum;
}

SENTIO_CLONES
void sentio_dsp_raise_to(float *values, size_t count, float least) {
  for (size_t i = 0; i < count; i++) values[i] = values[i] < least ? least : values[i];
}
