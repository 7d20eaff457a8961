#include "CSentioTensorKernels.h"
