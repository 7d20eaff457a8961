let dspWorkloads: [Workload] = []
