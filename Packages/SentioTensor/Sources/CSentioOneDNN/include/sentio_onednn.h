#ifndef SENTIO_ONEDNN_H
#define SENTIO_ONEDNN_H

// What Sentio asks of oneDNN, in terms that are the same for its API versions 2 and 3.

#include "sentio_onednn_primitive.h"
#include "sentio_onednn_product.h"

/// The version of the library that the process runs with, such as 2.6.3; 0 for a part that is unknown.
void sentio_dnn_version(int *major, int *minor, int *patch);

#endif
