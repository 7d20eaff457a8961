#ifndef SENTIO_ONEDNN_CONVOLUTION_H
#define SENTIO_ONEDNN_CONVOLUTION_H

#include "sentio_onednn_primitive.h"

/// Which of a convolution's three sums a primitive computes.
enum sentio_dnn_convolution_direction {
  /// DESTINATION from SOURCE, WEIGHTS and BIAS.
  SENTIO_DNN_CONVOLUTION_FORWARD,
  /// DIFF_SOURCE from DIFF_DESTINATION and WEIGHTS.
  SENTIO_DNN_CONVOLUTION_TO_SOURCE,
  /// DIFF_WEIGHTS and DIFF_BIAS from SOURCE and DIFF_DESTINATION.
  SENTIO_DNN_CONVOLUTION_TO_WEIGHTS,
};

/// A convolution of signals or images, whose primitives choose the forms of all arrays but the bias.
///
/// Results and the bias are in single precision. The weights are [outputs, inputs / groups, taps…], with an
/// axis of groups before them where there is more than one.
typedef struct {
  int direction;
  /// Axes that the window moves along: 1 or 2.
  int axes;
  int64_t batch, inputs, outputs, groups;
  /// Axis by axis. A dilation of 1 is none.
  int64_t input[2], kernel[2], output[2], stride[2], dilation[2], before[2], after[2];
  /// The type of the factors.
  int type;
  int has_bias;
} sentio_dnn_convolution;

int sentio_dnn_convolution_create(const sentio_dnn_convolution *convolution, sentio_dnn_primitive **out);

#endif
