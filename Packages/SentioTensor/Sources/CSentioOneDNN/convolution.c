#include "sentio_onednn_convolution.h"

#include "primitive.h"

// The arrays of one direction: those that it multiplies have the factors' type, the one that it makes is in
// single precision.
struct forms {
  dnnl_memory_desc_t source, weights, bias, destination;
};

static dnnl_status_t make_forms(struct forms *forms, const sentio_dnn_convolution *c, int direction) {
  const int rank = 2 + c->axes, grouped = c->groups > 1;
  int64_t source[4] = {c->batch, c->inputs}, destination[4] = {c->batch, c->outputs};
  int64_t weights[5] = {c->groups};
  int64_t *window = weights + grouped;
  window[0] = c->outputs / c->groups;
  window[1] = c->inputs / c->groups;
  for (int i = 0; i < c->axes; i++) {
    source[2 + i] = c->input[i];
    destination[2 + i] = c->output[i];
    window[2 + i] = c->kernel[i];
  }
  const int single = SENTIO_DNN_F32;
  dnnl_status_t status =
      sentio_form_make(&forms->source, direction == SENTIO_DNN_CONVOLUTION_TO_SOURCE ? single : c->type,
                       rank, source, NULL);
  if (status == dnnl_success) {
    status = sentio_form_make(&forms->weights,
                              direction == SENTIO_DNN_CONVOLUTION_TO_WEIGHTS ? single : c->type,
                              rank + grouped, weights, NULL);
  }
  if (status == dnnl_success) {
    status = sentio_form_make(&forms->destination,
                              direction == SENTIO_DNN_CONVOLUTION_FORWARD ? single : c->type, rank,
                              destination, NULL);
  }
  if (status == dnnl_success) {
    const int64_t one = 1;
    status = sentio_form_make(&forms->bias, single, 1, &c->outputs, &one);
  }
  return status;
}

static void drop_forms(struct forms *forms) {
  sentio_form_drop(&forms->source);
  sentio_form_drop(&forms->weights);
  sentio_form_drop(&forms->bias);
  sentio_form_drop(&forms->destination);
}

// Describes one direction. Only the direct algorithm: the library's other ones lose digits.
static dnnl_status_t describe(const sentio_dnn_convolution *c, int direction,
                              dnnl_primitive_desc_t forward, dnnl_primitive_attr_t attributes,
                              dnnl_primitive_desc_t *out) {
  int64_t gaps[2];
  for (int i = 0; i < c->axes; i++) gaps[i] = c->dilation[i] - 1;
  struct forms f = {0};
  dnnl_status_t status = make_forms(&f, c, direction);
#if DNNL_VERSION_MAJOR >= 3
  if (status == dnnl_success) {
    const dnnl_memory_desc_t bias = c->has_bias ? f.bias : NULL;
    switch (direction) {
      case SENTIO_DNN_CONVOLUTION_FORWARD:
        status = dnnl_convolution_forward_primitive_desc_create(
            out, sentio_engine(), dnnl_forward_training, dnnl_convolution_direct, f.source, f.weights,
            bias, f.destination, c->stride, gaps, c->before, c->after, attributes);
        break;
      case SENTIO_DNN_CONVOLUTION_TO_SOURCE:
        status = dnnl_convolution_backward_data_primitive_desc_create(
            out, sentio_engine(), dnnl_convolution_direct, f.source, f.weights, f.destination, c->stride,
            gaps, c->before, c->after, forward, attributes);
        break;
      default:
        status = dnnl_convolution_backward_weights_primitive_desc_create(
            out, sentio_engine(), dnnl_convolution_direct, f.source, f.weights, bias, f.destination,
            c->stride, gaps, c->before, c->after, forward, attributes);
    }
  }
#else
  dnnl_convolution_desc_t convolution;
  if (status == dnnl_success) {
    const dnnl_memory_desc_t *bias = c->has_bias ? &f.bias : NULL;
    switch (direction) {
      case SENTIO_DNN_CONVOLUTION_FORWARD:
        status = dnnl_dilated_convolution_forward_desc_init(
            &convolution, dnnl_forward_training, dnnl_convolution_direct, &f.source, &f.weights, bias,
            &f.destination, c->stride, gaps, c->before, c->after);
        break;
      case SENTIO_DNN_CONVOLUTION_TO_SOURCE:
        status = dnnl_dilated_convolution_backward_data_desc_init(
            &convolution, dnnl_convolution_direct, &f.source, &f.weights, &f.destination, c->stride, gaps,
            c->before, c->after);
        break;
      default:
        status = dnnl_dilated_convolution_backward_weights_desc_init(
            &convolution, dnnl_convolution_direct, &f.source, &f.weights, bias, &f.destination, c->stride,
            gaps, c->before, c->after);
    }
  }
  if (status == dnnl_success) {
    status = dnnl_primitive_desc_create(out, &convolution, attributes, sentio_engine(), forward);
  }
#endif
  drop_forms(&f);
  return status;
}

int sentio_dnn_convolution_create(const sentio_dnn_convolution *c, sentio_dnn_primitive **out) {
  if (!sentio_engine()) return dnnl_runtime_error;
  if (c->axes < 1 || c->axes > 2) return dnnl_invalid_arguments;
  dnnl_primitive_attr_t attributes;
  dnnl_status_t status = sentio_attributes_make(&attributes);
  if (status != dnnl_success) return status;
  dnnl_primitive_desc_t forward = NULL, description = NULL;
  // The ways back are described with the way that they lead back from.
  status = describe(c, SENTIO_DNN_CONVOLUTION_FORWARD, NULL, attributes, &forward);
  if (status == dnnl_success && c->direction == SENTIO_DNN_CONVOLUTION_FORWARD) {
    description = forward;
    forward = NULL;
  } else if (status == dnnl_success) {
    status = describe(c, c->direction, forward, attributes, &description);
  }
  if (status == dnnl_success) status = sentio_primitive_finish(description, out);
  if (forward) dnnl_primitive_desc_destroy(forward);
  dnnl_primitive_attr_destroy(attributes);
  return status;
}
