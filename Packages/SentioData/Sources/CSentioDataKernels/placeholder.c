#include "CSentioDataKernels.h"
