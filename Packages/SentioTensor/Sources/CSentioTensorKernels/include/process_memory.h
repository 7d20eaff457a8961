#ifndef SENTIO_PROCESS_MEMORY_H
#define SENTIO_PROCESS_MEMORY_H

// Tells the C library to keep freed blocks of up to 32 MiB for later calls; 1 where it does.
int sentio_keep_freed_memory(void);

#endif
