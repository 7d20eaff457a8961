let modelWorkloads: [Workload] = []
