#include "CSentioDSPKernels.h"
